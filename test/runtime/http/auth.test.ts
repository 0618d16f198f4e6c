import { expect, test } from 'vitest';
import { EXIT } from '../../../src/spec/exit-codes.ts';
import { json, startApi } from './api.ts';
import { SECRETS, transportOf } from './transport-of.ts';

const KEY = SECRETS.API_KEY ?? '';
const TOKEN = SECRETS.TOKEN ?? '';

test.each([
  ['query', { kind: 'api_key', in: 'query', name: 'k', secret: 'API_KEY' }, undefined],
  ['header', { kind: 'api_key', in: 'header', name: 'X-Key', secret: 'TOKEN' }, ['x-key', TOKEN]],
  ['bearer', { kind: 'bearer', secret: 'TOKEN' }, ['authorization', `Bearer ${TOKEN}`]],
  [
    'basic',
    { kind: 'basic', user: 'zoë', secret: 'API_KEY' },
    ['authorization', `Basic ${Buffer.from(`zoë:${KEY}`).toString('base64')}`],
  ],
])('%s: what is sent, and nothing of it in messages', async (_, auth, header) => {
  const api = await startApi(({ url, headers }, response) => {
    json(response, { error: 'not you', url: url.href, headers }, 403);
  });
  const ask = transportOf({ base_url: api.url, auth });
  const failure = await ask({ url: `${api.url}/a?b=c` }).catch((error: Error) => error);
  const [asked] = api.requests;
  if (header === undefined) expect(asked?.url.searchParams.get('k')).toBe(KEY);
  else expect(asked?.headers[header[0] ?? '']).toBe(header[1]);
  expect(failure).toMatchObject({ exit: EXIT.configuration, status: 403 });
  expect(String(failure)).toContain('***');
  for (const secret of [KEY, TOKEN]) {
    for (const text of [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64')]) {
      expect(String(failure)).not.toContain(text);
    }
  }
});

test('headers of the source and of the request go with it; those of the request come first', async () => {
  const api = await startApi((_, response) => json(response, {}));
  const ask = transportOf({ base_url: api.url, headers: { 'Accept-Language': 'en', 'X-Version': '1' } });
  await ask({ url: api.url, headers: { 'x-version': '2' } });
  expect(api.requests[0]?.headers).toMatchObject({
    'accept-language': 'en',
    'x-version': '2',
    accept: 'application/json',
    'user-agent': 'pipegen',
  });
});

test('a POST carries its body as JSON, and is asked again as it was', async () => {
  const api = await startApi(({ number }, response) => json(response, {}, number === 1 ? 503 : 200));
  const ask = transportOf({ base_url: api.url });
  await ask({ url: api.url, method: 'POST', body: '{"day":"2026-01-31"}' });
  expect(api.requests.map(({ method, text, headers }) => [method, text, headers['content-type']])).toEqual([
    ['POST', '{"day":"2026-01-31"}', 'application/json'],
    ['POST', '{"day":"2026-01-31"}', 'application/json'],
  ]);
});

test('what need not be JSON is asked for as it is and given on as it is', async () => {
  const api = await startApi((_, response) => void response.end('a;b\n1;2\n'));
  const answer = await transportOf({ base_url: api.url })({ url: api.url, format: 'csv' });
  expect(api.requests[0]?.headers.accept).toBe('*/*');
  expect([answer.body.toString(), answer.document]).toEqual(['a;b\n1;2\n', undefined]);
});
