import { createHash, createVerify, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SessionOptions } from '../../../src/runtime/adapters/snowflake/session.ts';
import { createRedactor } from '../../../src/runtime/redact.ts';
import { EXIT } from '../../../src/spec/exit-codes.ts';
import type { SnowflakeAuth } from '../../../src/spec/snowflake.ts';
import { type Snowflake, startSnowflake } from '../../support/snowflake.ts';
import { type Login, type LoginProxy, startProxy } from './proxy.ts';
import { failureOf, open } from './rig.ts';

const PASSPHRASE = 'open sesame';
const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const PLAIN = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const ENCRYPTED = privateKey
  .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: PASSPHRASE })
  .toString();
const OLD_FORM = privateKey
  .export({ type: 'pkcs1', format: 'pem', cipher: 'aes-256-cbc', passphrase: PASSPHRASE })
  .toString();

let snowflake: Snowflake;
let proxy: LoginProxy;
let folder: string;
beforeAll(async () => {
  snowflake = await startSnowflake();
  folder = await mkdtemp(join(tmpdir(), 'pipegen-keys-'));
});
afterAll(async () => {
  await snowflake[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  proxy = await startProxy(snowflake.url);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await proxy[Symbol.asyncDispose]();
});

/** Signs in with these secrets; what the login sent. */
async function signIn(
  auth: SnowflakeAuth | undefined,
  secrets: Readonly<Record<string, string>> = {},
  options: Partial<SessionOptions> = {},
): Promise<Login> {
  const secret = (name: string) => secrets[name] ?? '';
  const session = await open(proxy.url, auth === undefined ? {} : { auth }, {
    secret,
    home: folder,
    ...options,
  });
  await session[Symbol.asyncDispose]();
  const [login] = proxy.logins;
  if (login === undefined) throw new Error('nobody signed in');
  return login;
}

describe('key_pair', () => {
  it.each<[form: string, auth: Partial<SnowflakeAuth>, file: string | undefined, key: string]>([
    ['a key', { secret: 'KEY' }, undefined, PLAIN],
    ['a key in one line', { secret: 'KEY' }, undefined, PLAIN.replaceAll('\n', '\\n')],
    ['an encrypted key', { secret: 'KEY', passphrase: 'PASSPHRASE' }, undefined, ENCRYPTED],
    ['an encrypted key of the old form', { secret: 'KEY', passphrase: 'PASSPHRASE' }, undefined, OLD_FORM],
    ['a key that needs no passphrase', { secret: 'KEY', passphrase: 'PASSPHRASE' }, undefined, PLAIN],
    ['a file', { file: 'key.p8' }, PLAIN, ''],
    ['an encrypted file', { file: 'key.p8', passphrase: 'PASSPHRASE' }, ENCRYPTED, ''],
  ])('signs a token with %s', async (_, auth, file, key) => {
    if (file !== undefined) await writeFile(join(folder, 'key.p8'), file);
    const login = await signIn({ kind: 'key_pair', user: 'loader', ...auth } as SnowflakeAuth, {
      KEY: key,
      PASSPHRASE,
    });
    expect(login.data).toMatchObject({
      AUTHENTICATOR: 'SNOWFLAKE_JWT',
      LOGIN_NAME: 'loader',
      ACCOUNT_NAME: 'acme-eu1',
    });
    const token = readToken(String(login.data.TOKEN), publicKey);
    const fingerprint = createHash('sha256')
      .update(publicKey.export({ type: 'spki', format: 'der' }))
      .digest('base64');
    expect(token).toMatchObject({
      iss: `ACME-EU1.LOADER.SHA256:${fingerprint}`,
      sub: 'ACME-EU1.LOADER',
    });
    const sent = JSON.stringify([login.data, Object.fromEntries(login.query)]);
    for (const line of PLAIN.split('\n').slice(1, -2)) expect(sent).not.toContain(line);
    expect(sent).not.toContain(PASSPHRASE);
  });

  it.each<[what: string, auth: Partial<SnowflakeAuth>, key: string, told: string]>([
    ['a key without its passphrase', { secret: 'KEY' }, ENCRYPTED, 'auth.passphrase'],
    ['the passphrase of another key', { secret: 'KEY', passphrase: 'OTHER' }, ENCRYPTED, 'does not open'],
    ['no key at all', { secret: 'KEY' }, 'hunter2 hunter2', 'must be PEM'],
    ['a key of another kind', { secret: 'KEY' }, curveKey(), 'must be of RSA'],
    ['a short key', { secret: 'KEY' }, shortKey(), '2048 bits'],
    ['a file that is not there', { file: 'missing.p8' }, '', 'missing.p8 can’t be read (ENOENT)'],
    ['an empty file', { file: 'empty.p8' }, '', 'is empty'],
  ])('with %s says so before anything is sent', async (_, auth, key, told) => {
    await writeFile(join(folder, 'empty.p8'), '\n');
    const failure = await failureOf(
      signIn({ kind: 'key_pair', user: 'loader', ...auth } as SnowflakeAuth, {
        KEY: key,
        PASSPHRASE,
        OTHER: 'open barley',
      }),
    );
    expect(failure.exit).toBe(EXIT.configuration);
    expect(failure.message).toContain(told);
    expect(failure.message).not.toContain('hunter2');
    expect(proxy.logins).toEqual([]);
  });
});

describe('oauth', () => {
  it('sends the token of a secret', async () => {
    const { data } = await signIn({ kind: 'oauth', secret: 'TOKEN' }, { TOKEN: 'a-token' });
    expect(data).toMatchObject({ AUTHENTICATOR: 'OAUTH', TOKEN: 'a-token' });
    expect(data.PASSWORD).toBeUndefined();
  });

  it('reads a file anew for each session, and keeps its token out of logs', async () => {
    const redact = createRedactor([]);
    const auth = { kind: 'oauth', token_file: 'token' } as const;
    await writeFile(join(folder, 'token'), 'first-token\n');
    const session = await open(proxy.url, { auth }, { home: folder, redact });
    await writeFile(join(folder, 'token'), 'second-token\n');
    await session.reconnect();
    await session[Symbol.asyncDispose]();
    expect(proxy.logins.map(({ data }) => data.TOKEN)).toEqual(['first-token', 'second-token']);
    expect(redact('first-token and second-token')).toBe('*** and ***');
  });
});

describe('workload_identity', () => {
  beforeEach(() => {
    // The driver sends an identity to Snowflake's own hosts only, unless it is told of others.
    vi.stubEnv('SNOWFLAKE_WIF_ALLOWED_HOST_SUFFIXES', '127.0.0.1');
  });

  it('of oidc sends the token of a file', async () => {
    await writeFile(join(folder, 'oidc'), 'ey.oidc.token');
    const { data } = await signIn({ kind: 'workload_identity', provider: 'oidc', token_file: 'oidc' });
    expect(data).toMatchObject({
      AUTHENTICATOR: 'WORKLOAD_IDENTITY',
      PROVIDER: 'OIDC',
      TOKEN: 'ey.oidc.token',
    });
    expect(data.LOGIN_NAME).toBeUndefined();
  });

  it('of gcp asks the metadata server for a token that is meant for Snowflake', async () => {
    await using metadata = await startMetadata();
    vi.stubEnv('GCE_METADATA_HOST', metadata.host);
    vi.stubEnv('METADATA_SERVER_DETECTION', 'assume-present');
    vi.stubEnv('GOOGLE_APPLICATION_CREDENTIALS', undefined);
    vi.stubEnv('HOME', folder);
    const { data } = await signIn({ kind: 'workload_identity', provider: 'gcp' });
    expect(data).toMatchObject({
      AUTHENTICATOR: 'WORKLOAD_IDENTITY',
      PROVIDER: 'GCP',
      TOKEN: metadata.token,
    });
    expect(metadata.asked.some((url) => url.includes('audience=snowflakecomputing.com'))).toBe(true);
  });

  it('of aws signs a question to its token service', async () => {
    vi.stubEnv('AWS_REGION', 'eu-west-1');
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDEXAMPLE');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'wJalrXUtnFEMI');
    const { data } = await signIn({ kind: 'workload_identity', provider: 'aws' });
    expect(data).toMatchObject({ AUTHENTICATOR: 'WORKLOAD_IDENTITY', PROVIDER: 'AWS' });
    const asked = JSON.parse(Buffer.from(String(data.TOKEN), 'base64').toString());
    expect(asked.url).toContain('https://sts.eu-west-1.amazonaws.com/');
    expect(asked.headers.authorization ?? asked.headers.Authorization).toContain('AKIDEXAMPLE/');
  });

  it('of azure asks the managed identity', async () => {
    await using metadata = await startMetadata();
    vi.stubEnv('IDENTITY_ENDPOINT', `http://${metadata.host}/msi/token`);
    vi.stubEnv('IDENTITY_HEADER', 'header');
    const { data } = await signIn({ kind: 'workload_identity', provider: 'azure' });
    expect(data).toMatchObject({
      AUTHENTICATOR: 'WORKLOAD_IDENTITY',
      PROVIDER: 'AZURE',
      TOKEN: metadata.token,
    });
  });

  it('goes to no host but Snowflake’s', async () => {
    vi.stubEnv('SNOWFLAKE_WIF_ALLOWED_HOST_SUFFIXES', undefined);
    await writeFile(join(folder, 'oidc'), 'ey.oidc.token');
    const failure = await failureOf(
      signIn({ kind: 'workload_identity', provider: 'oidc', token_file: 'oidc' }),
    );
    expect(failure.exit).toBe(EXIT.configuration);
    expect(failure.message).toContain('recognized Snowflake host');
    expect(proxy.logins).toEqual([]);
  });
});

it('external_browser first asks, by https alone, for the page to sign in at', async () => {
  const environment = { PIPEGEN_TERMINAL: '1' };
  // The proxy has no such page, so no browser opens.
  const auth = { kind: 'external_browser', user: 'ada@example.com' } as const;
  const failure = await failureOf(signIn(auth, {}, { environment }));
  expect(failure.exit).toBe(EXIT.temporary);
  expect(failure.message).toContain('Snowflake did not answer');
  expect(proxy.logins).toEqual([]);
});

it('external_browser is for people in a terminal', async () => {
  const failure = await failureOf(signIn({ kind: 'external_browser', user: 'ada@example.com' }));
  expect(failure.exit).toBe(EXIT.configuration);
  expect(failure.message).toContain('in a terminal');
  expect(proxy.logins).toEqual([]);
});

it('an emulator gets no credentials', async () => {
  const { data, query } = await signIn(undefined);
  expect(data.TOKEN).toBe('none');
  expect(data.PASSWORD).toBeUndefined();
  expect(Object.fromEntries(query)).toMatchObject({
    roleName: 'LOADER',
    warehouse: 'LOADING',
    databaseName: 'ANALYTICS',
    schemaName: 'RAW',
  });
});

function readToken(token: string, key: KeyObject): unknown {
  const [head = '', payload = '', signature = ''] = token.split('.');
  const verify = createVerify('RSA-SHA256').update(`${head}.${payload}`);
  expect(verify.verify(key, Buffer.from(signature, 'base64url'))).toBe(true);
  return JSON.parse(Buffer.from(payload, 'base64url').toString());
}

function curveKey(): string {
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

function shortKey(): string {
  const pair = generateKeyPairSync('rsa', { modulusLength: 1024 });
  return pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

interface Metadata extends AsyncDisposable {
  readonly host: string;
  readonly token: string;
  readonly asked: string[];
}

/** Answers as the metadata servers of Google and Azure do. */
async function startMetadata(): Promise<Metadata> {
  const asked: string[] = [];
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const token = `${part({ alg: 'none' })}.${part({ exp: Math.floor(Date.now() / 1000) + 3600 })}.c2ln`;
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.setHeader('Metadata-Flavor', 'Google');
    if (!request.url?.startsWith('/msi/')) return void response.end(token);
    response.setHeader('Content-Type', 'application/json');
    const expires = Math.floor(Date.now() / 1000) + 3600;
    response.end(JSON.stringify({ access_token: token, expires_on: String(expires), token_type: 'Bearer' }));
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    token,
    asked,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
