import { expect, test } from 'vitest';
import { EXIT } from '../../../src/spec/exit-codes.ts';
import { type Api, json, startApi } from './api.ts';
import { SECRETS, transportOf } from './transport-of.ts';

const KEY = SECRETS.API_KEY ?? '';
const QUERY = { kind: 'api_key', in: 'query', name: 'key', secret: 'API_KEY' };
const BEARER = { kind: 'bearer', secret: 'TOKEN' };
const HEADERS = { 'X-Team': 'data' };

/** An API that redirects everything to one address, with the query that came. */
const startRedirecting = (target: () => string, status = 302): Promise<Api> =>
  startApi(({ url }, response) => {
    response.writeHead(status, { location: `${target()}${url.search}` }).end();
  });
const startFiles = (): Promise<Api> => startApi((_, response) => json(response, { data: [1] }));
const hostOf = (api: Api) => new URL(api.url).host;

test('inside its origin a redirect is followed with credentials, relative ones too', async () => {
  const api = await startApi(({ url }, response) => {
    if (url.pathname === '/a') response.writeHead(308, { location: '../b/c?page=2' }).end();
    else json(response, {});
  });
  await transportOf({ base_url: api.url, auth: QUERY, headers: HEADERS })({ url: `${api.url}/a` });
  const [, second] = api.requests;
  expect([second?.url.pathname, ...(second?.url.searchParams ?? [])]).toEqual([
    '/b/c',
    ['page', '2'],
    ['key', KEY],
  ]);
  expect(second?.headers['x-team']).toBe('data');
});

test('another host is refused before anything is sent there', async () => {
  const files = await startFiles();
  const api = await startRedirecting(() => `${files.url}/x`);
  const failure = await transportOf({ base_url: api.url, auth: QUERY })({ url: api.url }).catch(
    (error: Error) => error,
  );
  expect(failure).toMatchObject({ exit: EXIT.configuration });
  expect(String(failure)).toContain(`redirects to ${hostOf(files)}, which is not where base_url is`);
  expect(String(failure)).toContain('allow_hosts');
  expect([api.requests.length, files.requests.length]).toEqual([1, 0]);
});

test.each([
  ['key in the query', QUERY],
  ['token in a header', BEARER],
])('an allowed host gets no credentials and nothing of the spec: %s', async (_, auth) => {
  const files = await startFiles();
  const api = await startRedirecting(() => `${files.url}/x`);
  const ask = transportOf({ base_url: api.url, auth, headers: HEADERS, allow_hosts: [hostOf(files)] });
  const answer = await ask({ url: `${api.url}/a?day=1`, headers: { 'X-Own': 'own' } });
  expect(answer.document).toEqual({ data: [1] });
  const [asked] = files.requests;
  expect(asked?.url.search).toBe('?day=1');
  expect(asked?.headers).toMatchObject({ accept: 'application/json' });
  for (const name of ['authorization', 'x-team', 'x-own', 'cookie']) {
    expect(asked?.headers[name]).toBeUndefined();
  }
});

test('an allowed host that has the key in its path is refused', async () => {
  const files = await startFiles();
  const api = await startRedirecting(() => `${files.url}/${encodeURIComponent(KEY)}/`);
  const ask = transportOf({ base_url: api.url, auth: BEARER, allow_hosts: [hostOf(files)] });
  await expect(ask({ url: api.url })).rejects.toThrow('with the key in the path');
  expect(files.requests).toHaveLength(0);
});

test('an address of another host that the API named as the next page: the same rules', async () => {
  const files = await startFiles();
  const next = `${files.url}/page2?Signature=abc`;
  const refusing = transportOf({ base_url: 'http://127.0.0.1:1', auth: BEARER });
  const failure = await refusing({ url: next }).catch((error: Error) => error);
  expect(failure).toMatchObject({ exit: EXIT.configuration });
  expect(String(failure)).toContain(`is at ${hostOf(files)}, which is not where base_url is`);
  expect(String(failure)).not.toContain('Signature');
  const allowing = transportOf({
    base_url: 'http://127.0.0.1:1',
    auth: BEARER,
    allow_hosts: [hostOf(files)],
  });
  await allowing({ url: next });
  expect(files.requests.map(({ url, headers }) => [url.search, headers.authorization])).toEqual([
    ['?Signature=abc', undefined],
  ]);
});

test('five redirects are followed and no more; each costs the budget', async () => {
  const api = await startApi(({ number, url }, response) => {
    if (url.pathname === '/end' || number === 6) json(response, {});
    else response.writeHead(302, { location: `/${number}` }).end();
  });
  let counted = 0;
  const onRequest = () => {
    counted += 1;
  };
  await transportOf({ base_url: api.url })({ url: api.url, onRequest });
  expect([api.requests.length, counted]).toEqual([6, 6]);
  const loop = await startApi((_, response) => void response.writeHead(302, { location: '/' }).end());
  await expect(transportOf({ base_url: loop.url })({ url: loop.url })).rejects.toMatchObject({
    exit: EXIT.configuration,
    message: expect.stringContaining('redirects more than 5 times'),
  });
  expect(loop.requests).toHaveLength(6);
  await expect(transportOf({ base_url: loop.url, max_requests: 3 })({ url: loop.url })).rejects.toThrow(
    'the budget of 3 requests is used up',
  );
});

test('what is ill behind a redirect is asked for again from the beginning', async () => {
  const api = await startApi(({ number, url }, response) => {
    if (url.pathname === '/a') response.writeHead(307, { location: '/b' }).end();
    else json(response, {}, number === 2 ? 503 : 200);
  });
  await transportOf({ base_url: api.url })({ url: `${api.url}/a` });
  expect(api.requests.map(({ url }) => url.pathname)).toEqual(['/a', '/b', '/a', '/b']);
});

test.each([
  [301, 'GET', ''],
  [302, 'GET', ''],
  [303, 'GET', ''],
  [307, 'POST', '{"a":1}'],
  [308, 'POST', '{"a":1}'],
])('a POST after %i is a %s', async (status, method, text) => {
  const api = await startApi(({ url }, response) => {
    if (url.pathname === '/a') response.writeHead(status, { location: '/b' }).end();
    else json(response, {});
  });
  await transportOf({ base_url: api.url })({ url: `${api.url}/a`, method: 'POST', body: '{"a":1}' });
  expect([api.requests[1]?.method, api.requests[1]?.text]).toEqual([method, text]);
});

test('a password in a redirect’s address is not used', async () => {
  const api = await startApi(({ url, headers }, response) => {
    if (url.pathname === '/a') {
      response.writeHead(302, { location: `http://me:pass@${headers.host}/b` }).end();
    } else json(response, {});
  });
  await transportOf({ base_url: api.url })({ url: `${api.url}/a` });
  expect(api.requests[1]?.headers.authorization).toBeUndefined();
});

test.each([
  'http://169.254.169.254/latest',
  'http://[::ffff:a9fe:a9fe]/',
  'http://metadata.google.internal/',
])('a redirect to %s is refused although the host is allowed', async (target) => {
  const api = await startRedirecting(() => target);
  const ask = transportOf({ base_url: api.url, allow_hosts: [new URL(target).host] });
  await expect(ask({ url: api.url })).rejects.toMatchObject({
    exit: EXIT.configuration,
    message: expect.stringContaining('the host is a link-local or metadata address'),
  });
});

test.each(['http://', 'http://[', '//%00/'])(
  'a redirect to %j, which is no address, is final',
  async (location) => {
    const api = await startApi((_, response) => void response.writeHead(302, { location }).end());
    await expect(transportOf({ base_url: api.url })({ url: api.url })).rejects.toMatchObject({
      exit: EXIT.configuration,
      message: expect.stringContaining('a redirect to what is no address'),
    });
  },
);
