import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createRedactor } from '../../../src/runtime/redact.ts';
import { snowflakeTarget } from '../../../src/runtime/steps/dbt/snowflake-target.ts';
import { snowflake } from '../../../src/spec/snowflake.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'pipegen-profile-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const SECRETS: Record<string, string> = { TOKEN: 'a-token-of-somebody' };

function target(changes: object, environment: NodeJS.ProcessEnv = {}) {
  const warehouse = snowflake.parse({
    ...{ kind: 'snowflake', account: 'acme-eu1', database: 'analytics', schema: 'raw', compute: 'loading' },
    ...{ role: 'pipegen_loader', stage: 'internal', ...changes },
  });
  const identity = {
    ...{ partitions: ['2026-01-31'], dagId: 'flights', taskId: 'dbt', runId: 'r', run: 'abc' },
    ...{ tryNumber: 1, generation: 0 },
  };
  const secret = (name: string) => SECRETS[name] ?? '';
  return snowflakeTarget(
    { identity, secret, redact: createRedactor([]), home, environment },
    warehouse,
    home,
  );
}

test('the identity of the machine needs no secret', async () => {
  const { output, environment } = await target({ auth: { kind: 'workload_identity', provider: 'gcp' } });
  expect(output).toEqual({
    type: 'snowflake',
    account: 'acme-eu1',
    authenticator: 'workload_identity',
    workload_identity_provider: 'GCP',
    database: 'ANALYTICS',
    schema: 'ANALYTICS',
    warehouse: 'LOADING',
    role: 'PIPEGEN_TRANSFORMER',
    query_tag: "{{ env_var('PIPEGEN_QUERY_TAG') }}",
    threads: 4,
    connect_retries: 2,
    connect_timeout: 10,
  });
  expect(Object.keys(environment).sort()).toEqual(['PIPEGEN_QUERY_TAG', 'SF_TEMPORARY_CREDENTIAL_CACHE_DIR']);
});

test('tokens go by a variable that dbt keeps secret', async () => {
  const path = join(home, 'token');
  writeFileSync(path, 'from-a-file\n');
  const token = "{{ env_var('DBT_ENV_SECRET_PIPEGEN_TOKEN') }}";
  const oidc = await target({ auth: { kind: 'workload_identity', provider: 'oidc', token_file: path } });
  expect(oidc.output).toMatchObject({ workload_identity_provider: 'OIDC', token });
  expect(oidc.environment.DBT_ENV_SECRET_PIPEGEN_TOKEN).toBe('from-a-file');
  const oauth = await target({ auth: { kind: 'oauth', secret: 'TOKEN' } });
  expect(oauth.output).toMatchObject({ authenticator: 'oauth', token });
  expect(oauth.environment.DBT_ENV_SECRET_PIPEGEN_TOKEN).toBe('a-token-of-somebody');
});

test('a key in a file goes the same way, and a private link is a place', async () => {
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  writeFileSync(join(home, 'key.pem'), privateKey);
  const auth = { kind: 'key_pair', user: 'SERVICE', file: 'key.pem' };
  const { output, environment } = await target({ auth, endpoint: 'https://acme.privatelink.example/' });
  expect(output).toMatchObject({
    ...{ user: 'SERVICE', private_key: "{{ env_var('DBT_ENV_SECRET_PIPEGEN_KEY') }}" },
    ...{ host: 'acme.privatelink.example', port: 443, protocol: 'https' },
  });
  expect(output).not.toHaveProperty('authenticator');
  expect(environment.DBT_ENV_SECRET_PIPEGEN_KEY?.trim()).toBe(privateKey.trim());
});

test('a browser is for people only', async () => {
  const auth = { kind: 'external_browser', user: 'me' };
  await expect(target({ auth })).rejects.toMatchObject({ exit: 78 });
  expect((await target({ auth }, { PIPEGEN_TERMINAL: '1' })).output).toMatchObject({
    ...{ authenticator: 'externalbrowser', user: 'me' },
  });
});
