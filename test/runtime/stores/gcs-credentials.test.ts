import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Emulator, startEmulator } from './emulator.ts';
import { type Front, startFront } from './front.ts';

const hasOpenssl = spawnSync('openssl', ['version']).status === 0;
const TOKEN = 'ya29.a-token-that-is-secret';
const SUBJECT = 'eyJhbGciOi.the-pod.own-token';

let folder: string;
let emulator: Emulator;
let front: Front;
/** Google's services for tokens: STS, and the metadata server of a machine or pod. */
let tokens: Server;
let tokensUrl: string;
let refuse: { status: number; body: unknown } | undefined;
let asked: { url: string; body: string }[] = [];

beforeAll(async () => {
  if (!hasOpenssl) return;
  folder = mkdtempSync(join(tmpdir(), 'pipegen-credentials-'));
  const arguments_ = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1', '-days', '2'];
  const files = ['-keyout', join(folder, 'key.pem'), '-out', join(folder, 'cert.pem')];
  await promisify(execFile)('openssl', [...arguments_, ...subject, ...files]);
  emulator = await startEmulator();
  await emulator.createBucket('bucket');
  const text = (name: string) => readFileSync(join(folder, name), 'utf8');
  front = await startFront(emulator.url, { key: text('key.pem'), cert: text('cert.pem') });
  tokens = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      asked.push({ url: request.url ?? '', body: Buffer.concat(chunks).toString() });
      response.setHeader('metadata-flavor', 'Google');
      response.setHeader('content-type', 'application/json');
      const token = { access_token: TOKEN, expires_in: 3600, token_type: 'Bearer' };
      response.statusCode = refuse?.status ?? 200;
      response.end(JSON.stringify(refuse?.body ?? { ...token, issued_token_type: 'access_token' }));
    });
  });
  await new Promise<void>((resolve) => void tokens.listen(0, '127.0.0.1', resolve));
  tokensUrl = `http://127.0.0.1:${(tokens.address() as AddressInfo).port}`;
});

afterAll(async () => {
  if (!hasOpenssl) return;
  tokens.closeAllConnections();
  tokens.close();
  await front[Symbol.asyncDispose]();
  await emulator[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

beforeEach(() => {
  asked = [];
  refuse = undefined;
  if (hasOpenssl) front.requests.length = 0;
});

const MODULE = new URL('../../../src/runtime/adapters/gcs/gcs-store.ts', import.meta.url).href;

/** What a process with this environment makes of the bucket: what it read, or the exit code and why. */
async function attempt(environment: NodeJS.ProcessEnv): Promise<string> {
  const name = `page-${Math.random()}`;
  const script = `
    import { createHash } from 'node:crypto';
    const { createGcsStore } = await import(${JSON.stringify(MODULE)});
    const store = createGcsStore(
      { bucket: 'bucket', prefix: 'x', endpoint: ${JSON.stringify(front.url)} },
      new AbortController().signal,
      { first: 5, longest: 20, deadline: 1_000, silence: 10_000 },
    );
    const bytes = Buffer.alloc(11_000_000, 7);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    try {
      await store.putIfAbsent('large-' + ${JSON.stringify(name)}, { bytes }, sha256);
      await store.overwrite(${JSON.stringify(name)}, Buffer.from('fine'));
      process.stdout.write(String(await store.read(${JSON.stringify(name)})));
    } catch (error) {
      process.stdout.write(error.exit + ' ' + error.message);
    }
  `;
  const env = {
    PATH: process.env.PATH,
    HOME: folder,
    NODE_EXTRA_CA_CERTS: join(folder, 'cert.pem'),
    METADATA_SERVER_DETECTION: 'none',
    ...environment,
  };
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    ['--input-type=module', '-e', script],
    { env },
  );
  for (const secret of [TOKEN, SUBJECT]) expect(stdout + stderr).not.toContain(secret);
  return stdout;
}

/** The file of a workload identity: no key, but where to exchange the pod's own token. */
function identityFile(changes: object = {}): string {
  const subject = join(folder, 'subject-token');
  writeFileSync(subject, SUBJECT);
  const path = join(folder, `identity-${Math.random()}.json`);
  const content = {
    type: 'external_account',
    audience: '//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/pool/providers/own',
    subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
    token_url: `${tokensUrl}/v1/token`,
    credential_source: { file: subject },
    ...changes,
  };
  writeFileSync(path, JSON.stringify(content));
  return path;
}

const authorizations = () => [...new Set(front.requests.map(({ headers }) => headers.authorization))];

describe.skipIf(!hasOpenssl)('credentials (skipped where there is no openssl to make a certificate)', () => {
  it('workload identity: the pod’s token is exchanged, and every request carries what came of it', async () => {
    expect(await attempt({ GOOGLE_APPLICATION_CREDENTIALS: identityFile() })).toBe('fine');
    expect(asked.map(({ url }) => url)).toEqual(['/v1/token']);
    expect(asked[0]?.body).toContain(encodeURIComponent(SUBJECT));
    expect(front.requests.length).toBeGreaterThan(5);
    expect(authorizations()).toEqual([`Bearer ${TOKEN}`]);
  });

  it('a service account that is attached: by the metadata server', async () => {
    const host = tokensUrl.slice('http://'.length);
    const environment = { GCE_METADATA_HOST: host, METADATA_SERVER_DETECTION: 'assume-present' };
    expect(await attempt(environment)).toBe('fine');
    expect(asked.some(({ url }) => url.includes('/service-accounts/default/token'))).toBe(true);
    expect(authorizations()).toEqual([`Bearer ${TOKEN}`]);
  });

  it('none: says what to set', async () => {
    expect(await attempt({})).toMatch(
      /^78 there are no Google credentials: set GOOGLE_APPLICATION_CREDENTIALS/,
    );
    expect(front.requests).toEqual([]);
  });

  it('a file that is not there', async () => {
    const path = join(folder, 'nowhere.json');
    expect(await attempt({ GOOGLE_APPLICATION_CREDENTIALS: path })).toMatch(
      /^78 the file with the Google credentials is not there: see GOOGLE_APPLICATION_CREDENTIALS/,
    );
  });

  it('a file that is broken: nothing of it is told', async () => {
    const path = join(folder, 'broken.json');
    writeFileSync(path, `{"private_key": "${TOKEN}`);
    expect(await attempt({ GOOGLE_APPLICATION_CREDENTIALS: path })).toMatch(
      /^78 the Google credentials can't be used \(\w+\): see whether GOOGLE_APPLICATION_CREDENTIALS names a whole key/,
    );
  });

  it('an identity that Google does not know', async () => {
    refuse = { status: 400, body: { error: 'invalid_grant', error_description: `no ${SUBJECT}` } };
    expect(await attempt({ GOOGLE_APPLICATION_CREDENTIALS: identityFile() })).toMatch(
      /^78 127\.0\.0\.1:\d+ gives no token for these Google credentials \(HTTP 400\)/,
    );
    expect(front.requests).toEqual([]);
  });

  it('a token service that is down: temporary', async () => {
    refuse = { status: 503, body: {} };
    expect(await attempt({ GOOGLE_APPLICATION_CREDENTIALS: identityFile() })).toMatch(
      /^75 write gs:\/\/bucket\/x\/large-\S+: 127\.0\.0\.1:\d+ answered HTTP 503; tried \d+ times?/,
    );
  });

  it('an endpoint that sends an upload elsewhere gets no credentials there', async () => {
    const location = `https://localhost:${new URL(front.url).port}/upload`;
    front.fail(/uploadType=resumable/, { kind: 'answer', status: 200, headers: { location } });
    expect(await attempt({ GOOGLE_APPLICATION_CREDENTIALS: identityFile() })).toMatch(
      /^78 https:\/\/127\.0\.0\.1:\d+ wants an upload to go to localhost:\d+, which is not Google’s/,
    );
    expect(front.requests.map(({ method }) => method)).not.toContain('PUT');
  });

  it('a certificate that nobody vouches for', async () => {
    const environment = { GOOGLE_APPLICATION_CREDENTIALS: identityFile(), NODE_EXTRA_CA_CERTS: '' };
    expect(await attempt(environment)).toMatch(
      /^78 the certificate of 127\.0\.0\.1:\d+ can't be trusted \(\w+\): name the authority/,
    );
  });
});
