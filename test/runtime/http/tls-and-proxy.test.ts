import { execFile } from 'node:child_process';
import { createServer, type LookupFunction, type Server } from 'node:net';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { EXIT } from '../../../src/spec/exit-codes.ts';
import { type Api, json, startApi } from './api.ts';
import { type Authority, type Certificate, createAuthority } from './certificates.ts';
import { startProxy } from './proxy.ts';
import { SECRETS, transportOf } from './transport-of.ts';

let authority: Authority;
beforeAll(() => {
  authority = createAuthority();
});
afterAll(() => authority.remove());

const KEY = SECRETS.API_KEY ?? '';
const AUTH = { kind: 'api_key', in: 'query', name: 'key', secret: 'API_KEY' };
const startTls = (certificate: Certificate): Promise<Api> =>
  startApi((_, response) => json(response, { data: [1] }), certificate);
const named = (api: Api, host: string) => api.url.replace('127.0.0.1', host);

test('a private authority is trusted by SSL_CERT_FILE; a connection is used again', async () => {
  const ports = new Set<number | undefined>();
  const api = await startApi((_, response) => {
    ports.add(response.socket?.remotePort);
    json(response, { data: [1] });
  }, authority.good);
  const environment = { SSL_CERT_FILE: authority.file };
  const ask = transportOf({ base_url: api.url, auth: AUTH }, { environment });
  for (let count = 0; count < 3; count += 1) {
    expect((await ask({ url: api.url })).document).toEqual({ data: [1] });
  }
  expect(ports.size).toBe(1);
});

test.each([
  [
    'a private authority that nobody named',
    'good',
    false,
    /signed by nobody who is trusted here.*NODE_EXTRA_CA_CERTS/,
  ],
  ['another host', 'other', true, /for another host/],
  ['an earlier time', 'expired', true, /not valid now \(CERT_HAS_EXPIRED\)/],
] as const)(
  'a certificate of %s is a matter for a person, and nothing is sent',
  async (_, name, trusted, message) => {
    const api = await startTls(authority[name]);
    const environment = trusted ? { SSL_CERT_FILE: authority.file } : {};
    const ask = transportOf({ base_url: api.url, auth: AUTH }, { environment });
    await expect(ask({ url: api.url })).rejects.toMatchObject({
      exit: EXIT.configuration,
      message: expect.stringMatching(message),
    });
    expect(api.requests).toHaveLength(0);
  },
);

test('a process with NODE_EXTRA_CA_CERTS trusts the authority in it, through a proxy too', async () => {
  const api = await startTls(authority.good);
  const proxy = await startProxy();
  const script = fileURLToPath(new URL('ask-once.ts', import.meta.url));
  const run = async (more: NodeJS.ProcessEnv) => {
    const env = { PATH: process.env.PATH, ...more };
    return (await promisify(execFile)(process.execPath, [script, named(api, 'api.test')], { env })).stdout;
  };
  const trusting = { NODE_EXTRA_CA_CERTS: authority.file, HTTPS_PROXY: proxy.url };
  expect(await run(trusting)).toBe('{"data":[1]}');
  expect(await run({ HTTPS_PROXY: proxy.url })).toContain('signed by nobody who is trusted here');
});

test('https goes through the proxy’s CONNECT: the proxy learns the host and nothing else', async () => {
  const api = await startTls(authority.good);
  const proxy = await startProxy();
  const environment = { SSL_CERT_FILE: authority.file, HTTPS_PROXY: proxy.url };
  // The name is known to nobody but the proxy.
  const base = named(api, 'api.test');
  const ask = transportOf({ base_url: base, auth: AUTH }, { environment });
  await ask({ url: `${base}/orders` });
  await ask({ url: `${base}/orders?page=2` });
  expect(proxy.asked).toEqual([`CONNECT ${new URL(base).host}`]);
  expect(api.requests.map(({ url }) => url.searchParams.get('key'))).toEqual([KEY, KEY]);
  const seen = Buffer.concat(proxy.tunnelled).toString('latin1');
  expect(seen.length).toBeGreaterThan(100);
  expect(seen).not.toContain('orders');
});

test.each(['HTTP_PROXY', 'http_proxy'])('http goes through %s with its whole address', async (variable) => {
  const api = await startApi((_, response) => json(response, {}));
  const proxy = await startProxy();
  const base = named(api, 'api.test');
  await transportOf({ base_url: base }, { environment: { [variable]: proxy.url } })({ url: `${base}/a?b=c` });
  expect(proxy.asked).toEqual([`GET ${base}/a?b=c`]);
  expect(api.requests).toHaveLength(1);
});

test('hosts of NO_PROXY are asked directly', async () => {
  const api = await startApi((_, response) => json(response, {}));
  const proxy = await startProxy();
  for (const NO_PROXY of ['127.0.0.1', 'other.test, 127.0.0.1', '*']) {
    await transportOf(
      { base_url: api.url },
      { environment: { HTTP_PROXY: proxy.url, NO_PROXY } },
    )({ url: api.url });
  }
  expect([api.requests.length, proxy.asked]).toEqual([3, []]);
});

test('user and password of the proxy go to the proxy alone', async () => {
  const api = await startTls(authority.good);
  const proxy = await startProxy();
  const address = proxy.url.replace('//', '//us%40er:p%2Fss@');
  const environment = { SSL_CERT_FILE: authority.file, HTTPS_PROXY: address };
  const base = named(api, 'api.test');
  await transportOf({ base_url: base }, { environment })({ url: base });
  expect(proxy.authorizations).toEqual([`Basic ${Buffer.from('us@er:p/ss').toString('base64')}`]);
  expect(api.requests[0]?.headers['proxy-authorization']).toBeUndefined();
});

test.each([407, 502])('a proxy that answers %i: asked again, and named in the end', async (status) => {
  const proxy = await startProxy(status);
  const environment = { HTTPS_PROXY: proxy.url.replace('//', '//user:password@') };
  const ask = transportOf({ base_url: 'https://api.test', retry: { attempts: 2 } }, { environment });
  const failure = await ask({ url: 'https://api.test/' }).catch((error: Error) => error);
  expect(failure).toMatchObject({ exit: EXIT.temporary });
  expect(String(failure)).toContain(`the proxy gave no way to the host: it answered ${status}`);
  expect(String(failure)).not.toContain('password');
  expect(proxy.asked).toHaveLength(2);
});

test('a proxy that is silent ends at connect_timeout', async () => {
  const silent: Server = createServer(() => undefined);
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void silent.close());
  const { port } = silent.address() as { port: number };
  const source = { base_url: 'https://api.test', connect_timeout: '100ms', retry: { attempts: 1 } };
  const environment = { HTTPS_PROXY: `http://127.0.0.1:${port}` };
  await expect(transportOf(source, { environment })({ url: 'https://api.test/' })).rejects.toThrow(
    'no connection within 100 ms (connect_timeout)',
  );
});

test('what leads to a metadata service never reaches the proxy', async () => {
  const proxy = await startProxy();
  const environment = { HTTP_PROXY: proxy.url, HTTPS_PROXY: proxy.url };
  for (const base of [
    'http://169.254.169.254',
    'https://[::ffff:a9fe:a9fe]',
    'http://metadata.google.internal',
  ]) {
    await expect(transportOf({ base_url: base }, { environment })({ url: base })).rejects.toMatchObject({
      exit: EXIT.configuration,
      message: expect.stringContaining('link-local or metadata address'),
    });
  }
  expect(proxy.asked).toEqual([]);
});

test('names are looked up by the proxy, not here', async () => {
  const api = await startTls(authority.good);
  const proxy = await startProxy();
  const environment = { SSL_CERT_FILE: authority.file, HTTPS_PROXY: proxy.url };
  const hosts: string[] = [];
  const base = named(api, 'api.test');
  const lookup: LookupFunction = (host, _options, done) => {
    hosts.push(host);
    done(new Error('unknown'), '', 4);
  };
  await transportOf({ base_url: base }, { environment, lookup })({ url: base });
  expect([hosts, proxy.asked.length]).toEqual([[], 1]);
});

test.each([
  [{ HTTPS_PROXY: 'proxy:3128' }, 'HTTP_PROXY or HTTPS_PROXY is not an address'],
  [{ HTTPS_PROXY: 'not an address' }, 'HTTP_PROXY or HTTPS_PROXY is not an address'],
  [{ SSL_CERT_FILE: '/nowhere/ca.pem' }, 'SSL_CERT_FILE is "/nowhere/ca.pem"'],
])('an environment of %j is a configuration error', (environment, message) => {
  expect(() => transportOf({ base_url: 'https://api.test' }, { environment })).toThrow(message);
});
