import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { type Checked, check } from '../../src/compiler/compile.ts';
import { buildJob, readBack, secretVariables } from '../../src/compiler/job.ts';
import { secretValues } from '../../src/runtime/secrets.ts';
import { STEPS } from '../../src/spec/steps.ts';

const WAREHOUSE = {
  kind: 'snowflake',
  account: 'acme-eu1',
  database: 'RAW',
  schema: 'crm',
  compute: 'LOADING',
  role: 'LOADER',
  stage: 'internal',
};

/** A spec with this warehouse. */
function checked(warehouse: object): Checked {
  const spec = {
    version: 1,
    secrets: { key: 'SNOWFLAKE_KEY', phrase: 'SNOWFLAKE_PASSPHRASE' },
    sources: { crm: { kind: 'http', base_url: 'https://api.crm.example' } },
    environments: {
      one: {
        airflow: '3.3',
        launcher: { kind: 'process' },
        store: { kind: 'files', root: 'lake' },
        warehouse: { ...WAREHOUSE, ...warehouse },
      },
    },
    pipelines: {
      items: { extract: { source: 'crm', path: '/items' }, columns: { id: {} }, load: { table: 'items' } },
    },
  };
  return check({ file: 'pipelines.yaml', bytes: Buffer.from(stringify(spec)) });
}

function findings(warehouse: object): string[] {
  return checked(warehouse).findings.map(({ name, message }) => `${name}: ${message}`);
}

describe('auth of a Snowflake', () => {
  it.each([
    { kind: 'workload_identity', provider: 'gcp' },
    { kind: 'workload_identity', provider: 'oidc', token_file: '/var/run/token' },
    { kind: 'key_pair', user: 'loader', secret: 'key' },
    { kind: 'key_pair', user: 'loader', secret: 'key', passphrase: 'phrase' },
    { kind: 'key_pair', user: 'loader', file: 'key.p8', passphrase: 'phrase' },
    { kind: 'oauth', secret: 'key' },
    { kind: 'oauth', token_file: 'token' },
    { kind: 'external_browser', user: 'ada' },
  ])('may be %o', (auth) => {
    expect(findings({ auth })).toEqual([]);
  });

  it.each([
    [{ kind: 'workload_identity', provider: 'oidc' }, 'invalid-value: "provider" needs token_file with it'],
    [
      { kind: 'workload_identity', provider: 'gcp', token_file: 't' },
      'invalid-value: "token_file" is for the provider oidc only',
    ],
    [{ kind: 'key_pair', user: 'loader' }, 'invalid-value: "auth" needs either secret or file'],
    [
      { kind: 'key_pair', user: 'loader', secret: 'key', file: 'key.p8' },
      'invalid-value: "auth" needs either secret or file',
    ],
    [{ kind: 'oauth' }, 'invalid-value: "auth" needs either secret or token_file'],
    [{ kind: 'key_pair', user: 'loader', secret: 'kye' }, 'unknown-secret: there is no secret "kye"'],
    [
      { kind: 'key_pair', user: 'loader', secret: 'key', passphrase: 'phrase2' },
      'unknown-secret: there is no secret "phrase2"',
    ],
    [undefined, 'invalid-value: "warehouse" needs auth: how to sign in to Snowflake'],
  ])('may not be %o', (auth, finding) => {
    expect(findings(auth === undefined ? {} : { auth })).toEqual([finding]);
  });

  it.each([
    { auth: { kind: 'password', user: 'loader', password: 'hunter2' } },
    { auth: { kind: 'basic', user: 'loader', secret: 'key' } },
    { auth: { kind: 'key_pair', user: 'loader', secret: 'key', password: 'hunter2' } },
    { auth: { kind: 'key_pair', user: 'loader', secret: 'key' }, password: 'hunter2' },
  ])('is never a password: %o', (warehouse) => {
    expect(findings(warehouse)).toEqual([
      'password-authentication: nobody signs in to Snowflake by password here: it would be kept, copied and guessed',
    ]);
  });

  it('leaves other words to the ordinary findings', () => {
    expect(findings({ auth: { kind: 'key_par', user: 'loader', secret: 'key' } })).toEqual([
      'invalid-value: "key_par" is not a value of "kind"',
    ]);
    expect(findings({ kind: 'duckdb', password: 'x' })[0]).not.toContain('password-authentication');
  });
});

describe('endpoint of a Snowflake', () => {
  const auth = { kind: 'key_pair', user: 'loader', secret: 'key' };

  it.each([
    { endpoint: 'https://acme.privatelink.snowflakecomputing.com', auth },
    { endpoint: 'https://acme.privatelink.snowflakecomputing.com/', auth },
    { endpoint: 'http://127.0.0.1:8080' },
    { endpoint: 'http://localhost:8080/' },
    { endpoint: 'http://[::1]:8080', auth },
  ])('may be %o', (warehouse) => {
    expect(findings(warehouse)).toEqual([]);
  });

  it.each([
    { endpoint: 'http://acme.snowflakecomputing.com', auth },
    { endpoint: 'http://127.0.0.1.example.com' },
    { endpoint: 'http://ada:secret@127.0.0.1' },
    { endpoint: 'https://acme.snowflakecomputing.com' },
    { endpoint: 'https://acme.snowflakecomputing.com/console', auth },
    { endpoint: 'https://acme.snowflakecomputing.com?x=1', auth },
    { endpoint: 'acme', auth },
  ])('may not be %o', (warehouse) => {
    expect(findings(warehouse)).not.toEqual([]);
  });
});

it.each(['database', 'schema', 'compute', 'role'])('the name of the %s needs no quotes in SQL', (field) => {
  const auth = { kind: 'key_pair', user: 'loader', secret: 'key' };
  expect(findings({ auth, [field]: 'Raw_2$' })).toEqual([]);
  for (const name of ['my-db', 'a b', '"x"', "x'; --", '2x', '', 'ü', 'a.b']) {
    expect(findings({ auth, [field]: name })).toHaveLength(1);
  }
});

it.each([
  [
    { kind: 'key_pair', user: 'loader', secret: 'key', passphrase: 'phrase' },
    ['SNOWFLAKE_KEY', 'SNOWFLAKE_PASSPHRASE'],
  ],
  [{ kind: 'key_pair', user: 'loader', file: 'key.p8', passphrase: 'phrase' }, ['SNOWFLAKE_PASSPHRASE']],
  [{ kind: 'oauth', secret: 'key' }, ['SNOWFLAKE_KEY']],
  [{ kind: 'oauth', token_file: 'token' }, []],
  [{ kind: 'workload_identity', provider: 'gcp' }, []],
])('the secrets of %o are for load, check and dbt, and in no log', (auth, variables) => {
  const environment = checked({ auth }).spec?.environments[0];
  const pipeline = environment?.pipelines[0];
  if (environment === undefined || pipeline === undefined) throw new Error('the spec has errors');
  const needed = STEPS.map((step) => [step, secretVariables(environment, pipeline, step)]);
  expect(Object.fromEntries(needed)).toEqual({
    extract: [],
    upload: [],
    load: variables,
    check: variables,
    dbt: variables,
  });
  const job = readBack(buildJob(environment, pipeline));
  const values = { SNOWFLAKE_KEY: 'the key', SNOWFLAKE_PASSPHRASE: 'the phrase' };
  const known = secretValues(job, values).filter((value) => value !== '');
  expect(known).toEqual(variables.map((name) => values[name as keyof typeof values]));
});
