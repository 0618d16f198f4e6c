import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { StepContext } from '../../../src/runtime/context.ts';
import type { DbtDetails } from '../../../src/runtime/receipt.ts';
import { createRedactor } from '../../../src/runtime/redact.ts';
import { runStep } from '../../../src/runtime/run-step.ts';
import { dbt } from '../../../src/runtime/steps/dbt.ts';
import { DAILY, DAILY_QUERY } from '../../dbt/expected.ts';
import { FLIGHTS, rawFlights } from '../../dbt/flights.ts';
import { run } from '../../dbt/run-dbt.ts';
import { filesBelow } from '../../run/project.ts';
import { type Snowflake, startSnowflake } from '../../support/snowflake.ts';
import { runOne } from '../upload/rig.ts';
import { open, WORK } from './project.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');

/** Another than the schema of the models: DuckDB, and so the emulator, can't tell the two apart in a view. */
const DATABASE = 'AIRLINES';

let snowflake: Snowflake;

beforeAll(async () => {
  snowflake = await startSnowflake();
});
afterAll(() => snowflake?.[Symbol.asyncDispose]());

async function ask(statements: readonly string[]): Promise<Record<string, unknown>[]> {
  const { account, host, port, protocol } = snowflake.connection;
  const place = { database: DATABASE, schema: 'ANALYTICS' };
  const connection = { account, host, port, protocol, user: 'test', password: 'test', ...place };
  const { exit, output } = await run(
    join(ROOT, '.venv', 'dbt', 'bin', 'python'),
    [join(ROOT, 'test', 'dbt', 'snowflake_sql.py')],
    {},
    JSON.stringify({ connection, statements }),
  );
  if (exit !== 0) throw new Error(output);
  return JSON.parse(output) as Record<string, unknown>[];
}

/** The repository's own project on the emulator. */
function openProject(auth: object | undefined, context: Partial<StepContext> = {}, endpoint = snowflake.url) {
  const names = { account: 'emulator', database: DATABASE.toLowerCase(), schema: 'raw', compute: 'loading' };
  const warehouse = {
    ...{ kind: 'snowflake', ...names, role: 'PIPEGEN_LOADER', stage: 'internal', endpoint },
    ...(auth === undefined ? {} : { auth }),
  } as never;
  const environment = {
    ...process.env,
    PIPEGEN_DBT: join(ROOT, '.venv/dbt/bin/dbt'),
  };
  const project = { project: join(ROOT, 'dbt'), select: ['tag:flights'] };
  const rig = open({}, { job: { warehouse, dbt: project }, context: { environment, ...context } });
  const generated = join(rig.home, 'generated/local/dbt');
  mkdirSync(generated, { recursive: true });
  const sources = readFileSync(join(ROOT, 'generated/production/dbt/sources.yml'), 'utf8');
  expect(sources).toContain('database: "ANALYTICS"');
  writeFileSync(
    join(generated, 'sources.yml'),
    sources.replace('database: "ANALYTICS"', `database: "${DATABASE}"`),
  );
  return rig;
}

test('by a key dbt-snowflake builds the marts as the transformer, and nobody sees the key', async () => {
  await ask([...rawFlights(FLIGHTS), 'select 1 as one']);
  const passphrase = 'a phrase that opens it';
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const secrets: Record<string, string> = { KEY: privateKey, PHRASE: passphrase };
  const auth = { kind: 'key_pair', user: 'PIPEGEN_SERVICE', secret: 'KEY', passphrase: 'PHRASE' };
  using rig = openProject(auth, {
    secret: (name) => secrets[name] ?? '',
    redact: createRedactor(Object.values(secrets)),
  });
  const outcome = await runOne(dbt, rig.context, WORK);
  expect(outcome.details).toMatchObject({ failed: 0, skipped: 0 });
  expect(await ask([DAILY_QUERY])).toEqual(DAILY);

  const login = (await snowflake.logins()).find((one) => JSON.stringify(one).includes('PIPEGEN_SERVICE'));
  expect(JSON.stringify(login)).toContain('SNOWFLAKE_JWT');
  const [, head = '', body = '', signature = ''] =
    /(eyJ[\w-]+)\.(eyJ[\w-]+)\.([\w-]+)/.exec(JSON.stringify(login)) ?? [];
  const signed = Buffer.from(`${head}.${body}`);
  expect(verify('sha256', signed, createPublicKey(publicKey), Buffer.from(signature, 'base64url'))).toBe(
    true,
  );

  const tagged = (await snowflake.log()).filter(({ tag }) => tag !== undefined && tag !== '');
  expect(tagged.some(({ sql }) => /partner_daily_performance/i.test(sql))).toBe(true);
  expect(JSON.parse(tagged[0]?.tag ?? '')).toMatchObject({
    app: 'pipegen',
    dag: 'flights',
    run: 'manual__1',
  });

  const written = [...filesBelow(rig.home)].map(({ bytes }) => bytes.toString('latin1'));
  expect(written.some((text) => text.includes("env_var('DBT_ENV_SECRET_PIPEGEN_KEY')"))).toBe(true);
  for (const text of [...written, ...rig.log]) {
    expect(text).not.toContain('BEGIN PRIVATE KEY');
    expect(text).not.toContain('BEGIN ENCRYPTED');
    expect(text).not.toContain(passphrase);
  }
}, 400_000);

test('an error of Snowflake in the middle is retried, and only what it stopped', async () => {
  await ask([...rawFlights(FLIGHTS), 'select 1 as one']);
  // A run's id that dbt would render, were it written into the profile.
  using rig = openProject(undefined);
  const attempt = (tryNumber: number) => {
    const identity = { ...rig.context.identity, runId: `{{ env_var('HOME') }}`, tryNumber, maxTries: 3 };
    return runStep({ ...rig.context, identity }, 'dbt', dbt, false);
  };
  const mart = '(?i)(table|into).*partner_daily_performance';
  await snowflake.faults([
    { match: mart, action: 'error', code: '000625', message: 'lock timeout', count: 'all' },
  ]);
  await expect(attempt(1)).rejects.toMatchObject({ exit: 75, message: expect.stringContaining('000625') });
  await snowflake.faults([]);
  const { length } = await snowflake.log();
  const { receipts } = await attempt(2);
  expect(receipts[0]?.details as DbtDetails).toMatchObject({ failed: 0, skipped: 0 });
  const statements = (await snowflake.log()).slice(length);
  const made = statements.map(({ sql }) => sql).filter((sql) => /^\s*create/im.test(sql));
  expect(made.some((sql) => /stg_flights|time_zones/i.test(sql.split(/\bas\b/i)[0] ?? ''))).toBe(false);
  expect(made.some((sql) => /partner_daily_performance/i.test(sql))).toBe(true);
  expect(JSON.parse(statements.find(({ tag }) => tag)?.tag ?? '').run).toBe(`{{ env_var('HOME') }}`);
  expect(await ask([DAILY_QUERY])).toEqual(DAILY);
}, 400_000);

test('a sign-in that is refused is configuration, with what Snowflake said', async () => {
  await snowflake.faults([
    {
      match: 'LOGIN',
      action: 'error',
      code: '390189',
      message: "Role 'PIPEGEN_TRANSFORMER' specified in the connect string is not granted to this user.",
      count: 'all',
    },
  ]);
  using rig = openProject(undefined);
  await expect(runOne(dbt, rig.context, WORK)).rejects.toMatchObject({
    exit: 78,
    message: expect.stringContaining('is not granted to this user'),
  });
  await snowflake.faults([]);
}, 400_000);
