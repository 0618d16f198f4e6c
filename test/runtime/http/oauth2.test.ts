import type { ServerResponse } from 'node:http';
import { expect, test } from 'vitest';
import type { Retry } from '../../../src/runtime/adapters/http/send.ts';
import { createRedactor } from '../../../src/runtime/redact.ts';
import { EXIT } from '../../../src/spec/exit-codes.ts';
import { type Api, type Asked, json, startApi } from './api.ts';
import { SECRETS, transportOf } from './transport-of.ts';
import { createVirtualClock } from './virtual-clock.ts';

const AUTH = { kind: 'oauth2', client_id: 'CLIENT_ID', client_secret: 'CLIENT_SECRET' };

/** A server of tokens, the n-th of which is `token-n`. */
const startTokens = (life: number | undefined = 3600): Promise<Api> =>
  startApi(({ number }, response) =>
    json(response, { access_token: `token-number-${number}`, token_type: 'Bearer', expires_in: life }),
  );

/** An API that takes one token. */
const startProtected = (good: () => string): Promise<Api> =>
  startApi(({ headers }, response) => {
    if (headers.authorization === `Bearer ${good()}`) json(response, { data: [] });
    else json(response, { error: 'who are you?', you: headers.authorization }, 401);
  });

test('the token is fetched once for slices that begin at the same time', async () => {
  const tokens = await startTokens();
  const api = await startProtected(() => 'token-number-1');
  const ask = transportOf({ base_url: api.url, auth: { ...AUTH, token_url: `${tokens.url}/token` } });
  let counted = 0;
  const onRequest = () => {
    counted += 1;
  };
  await Promise.all(Array.from({ length: 8 }, () => ask({ url: api.url, onRequest })));
  expect([tokens.requests.length, api.requests.length, counted]).toEqual([1, 8, 9]);
});

test.each([
  [
    'basic',
    'grant_type=client_credentials&scope=read+orders&audience=https%3A%2F%2Fapi',
    // RFC 6749, 2.3.1: each part form-encoded before the colon joins them.
    `Basic ${Buffer.from('client%3A%C3%A9%2F1:hidden%2F%2B%3D%25%C3%A9%22+0123456789').toString('base64')}`,
  ],
  [
    'body',
    'grant_type=client_credentials&scope=read+orders&audience=https%3A%2F%2Fapi&client_id=client%3A%C3%A9%2F1&client_secret=hidden%2F%2B%3D%25%C3%A9%22+0123456789',
    undefined,
  ],
])('id and secret travel in %s', async (send, text, authorization) => {
  const tokens = await startTokens();
  const api = await startProtected(() => 'token-number-1');
  const more = { token_url: tokens.url, send, scope: 'read orders', audience: 'https://api' };
  await transportOf({ base_url: api.url, headers: { 'X-Mine': '1' }, auth: { ...AUTH, ...more } })({
    url: api.url,
  });
  const [asked] = tokens.requests as [Asked];
  expect([asked.method, asked.text, asked.headers.authorization]).toEqual(['POST', text, authorization]);
  expect(asked.headers['content-type']).toBe('application/x-www-form-urlencoded');
  expect(asked.headers['x-mine']).toBeUndefined();
});

test('a token is renewed shortly before it ends', async () => {
  const clock = createVirtualClock();
  const tokens = await startTokens(600);
  const api = await startApi((_, response) => json(response, {}));
  const ask = transportOf({ base_url: api.url, auth: { ...AUTH, token_url: tokens.url } }, { clock });
  await ask({ url: api.url });
  clock.advance(539_000);
  await ask({ url: api.url });
  expect(tokens.requests).toHaveLength(1);
  clock.advance(2_000);
  await ask({ url: api.url });
  expect(tokens.requests).toHaveLength(2);
  expect(api.requests.at(-1)?.headers.authorization).toBe('Bearer token-number-2');
});

test('a token that is refused is renewed once, at once and for all slices', async () => {
  const tokens = await startTokens();
  const api = await startProtected(() => 'token-number-2');
  const retries: Retry[] = [];
  const ask = transportOf(
    { base_url: api.url, auth: { ...AUTH, token_url: tokens.url } },
    { onRetry: (retry) => retries.push(retry) },
  );
  await Promise.all([ask({ url: api.url }), ask({ url: api.url })]);
  expect([tokens.requests.length, api.requests.length]).toEqual([2, 4]);
  expect(retries).toEqual([]);
});

test('a new token that is refused as well is a matter for a person; no token is told', async () => {
  const tokens = await startTokens();
  const api = await startProtected(() => 'none');
  const redact = createRedactor(Object.values(SECRETS));
  const ask = transportOf({ base_url: api.url, auth: { ...AUTH, token_url: tokens.url } }, { redact });
  const failure = await ask({ url: api.url }).catch((error: Error) => error);
  expect(failure).toMatchObject({ exit: EXIT.configuration, status: 401 });
  expect(String(failure)).toContain('Bearer ***');
  expect([tokens.requests.length, api.requests.length]).toEqual([2, 2]);
  expect(redact('token-number-1, token-number-2')).toBe('***, ***');
});

test('trouble of the token’s server is asked again; counts in the budget', async () => {
  const tokens = await startApi(({ number }, response) => {
    if (number === 1) json(response, {}, 503);
    else if (number === 2) response.socket?.resetAndDestroy();
    else json(response, { access_token: 'token-number-1' });
  });
  const api = await startProtected(() => 'token-number-1');
  const auth = { ...AUTH, token_url: tokens.url };
  await transportOf({ base_url: api.url, auth, max_requests: 4 })({ url: api.url });
  expect(tokens.requests).toHaveLength(3);
  await expect(transportOf({ base_url: api.url, auth, max_requests: 1 })({ url: api.url })).rejects.toThrow(
    'the budget of 1 requests is used up',
  );
});

test.each<[string, (response: ServerResponse) => void, number]>([
  ['refuses', (response) => json(response, { error: 'invalid_client' }, 401), EXIT.configuration],
  ['has no token', (response) => json(response, { token: 'secret-one' }), EXIT.configuration],
  [
    'gives another kind',
    (response) => json(response, { access_token: 'a1b2', token_type: 'mac' }),
    EXIT.configuration,
  ],
  [
    'sends it elsewhere',
    (response) => void response.writeHead(302, { location: 'http://else.test/' }).end(),
    EXIT.configuration,
  ],
  ['answers in a form', (response) => void response.end('access_token=secret-one'), EXIT.temporary],
  ['is ill', (response) => json(response, {}, 500), EXIT.temporary],
])('a token’s server that %s', async (_, answer, exit) => {
  const tokens = await startApi((_asked, response) => answer(response));
  const ask = transportOf({
    base_url: 'http://127.0.0.1:1',
    // Rules of the API say nothing of the token's server; its redirects are never followed to another host.
    errors: [{ status: [401, 500], ...JSON.parse('{"then":"retry"}') }],
    allow_hosts: ['else.test'],
    auth: { ...AUTH, token_url: tokens.url },
  });
  const failure = await ask({ url: 'http://127.0.0.1:1/' }).catch((error: Error) => error);
  expect(failure).toMatchObject({ exit });
  expect(String(failure)).not.toContain('secret-one');
});
