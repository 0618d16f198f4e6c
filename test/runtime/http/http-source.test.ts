import { expect, test } from 'vitest';
import type { Retry } from '../../../src/runtime/adapters/http/send.ts';
import { EXIT } from '../../../src/spec/exit-codes.ts';
import { json, listPage, startApi, truncated } from './api.ts';
import { KEY, listOf, readAll, sourceOf } from './source-of.ts';
import { createVirtualClock } from './virtual-clock.ts';

const SLICE = listOf({ 'slice.airline': 'L/H' }, 'L/H');
const code = (text: string) => ({ error: { code: text, message: 'as the API says it' } });

test('a request is the base, the path, the query, the page and at last the key', async () => {
  const api = await startApi(({ url }, response) => json(response, listPage(url, 3)));
  const source = sourceOf(`${api.url}/base/`, {
    extract: {
      path: '/day/${partition:%Y/%m/%d}/${slice.airline}',
      query: { a: 'x ${slice.airline}&b', d: '${partition}' },
    },
    slices: { name: 'airline', values: ['L/H'], parallel: 1, on_empty: 'allow' },
  });
  await readAll(source, { list: SLICE });
  const { url } = api.requests[0] ?? { url: new URL('http://none.test') };
  expect(url.pathname).toBe('/base/day/2026/01/31/L%2FH');
  expect([...url.searchParams]).toEqual([
    ['a', 'x L/H&b'],
    ['d', '2026-01-31'],
    ['limit', '100'],
    ['offset', '0'],
    ['access_key', KEY],
  ]);
  expect(source.describe(SLICE)).toBe(
    `${api.url}/base/day/2026/01/31/L%2FH?a=x+L%2FH%26b&d=2026-01-31&limit=100&offset=0`,
  );
});

test('a key in a header is in no address', async () => {
  const api = await startApi(({ url }, response) => json(response, listPage(url, 3)));
  const auth = { kind: 'api_key', in: 'header', name: 'X-Api-Key', secret: 'API_KEY' };
  await readAll(sourceOf(api.url, { source: { auth } }));
  expect(api.requests[0]?.headers['x-api-key']).toBe(KEY);
  expect(api.requests[0]?.url.href).not.toContain('access_key');
});

test('pages capped by the API: as many requests as the records need, every record once', async () => {
  const api = await startApi(({ url }, response) => json(response, listPage(url, 250, 100)));
  const pages = await readAll(
    sourceOf(api.url, {
      extract: { paginate: { kind: 'offset', page_size: 1000, total: 'pagination.total' } },
    }),
  );
  expect(pages.map((page) => [page.index, page.records, page.total])).toEqual([
    [1, 100, 250],
    [2, 100, 250],
    [3, 50, 250],
  ]);
  expect(api.requests.map(({ url }) => url.searchParams.get('offset'))).toEqual(['0', '100', '200']);
  expect(pages[0]?.body).toEqual(
    Buffer.from(JSON.stringify(listPage(new URL(`${api.url}/?limit=1000`), 250, 100))),
  );
});

test('temporary trouble of every kind is asked again, and told each time', async () => {
  const retries: Retry[] = [];
  const api = await startApi(({ number, url }, response) => {
    if (number === 1) json(response, code('rate_limit_reached'), 429);
    else if (number === 2) response.writeHead(503, { 'content-type': 'text/html' }).end('<h1>busy</h1>');
    else if (number === 3) response.socket?.resetAndDestroy();
    else if (number === 4) truncated(response, listPage(url, 3));
    else json(response, listPage(url, 3));
  });
  const counted: number[] = [];
  const source = sourceOf(api.url, { options: { onRetry: (retry) => retries.push(retry) } });
  const pages = await readAll(source, { onRequest: () => void counted.push(1) });
  expect(pages).toHaveLength(1);
  expect([api.requests.length, counted.length]).toEqual([5, 5]);
  expect(retries.map(({ what, status, attempt, attempts }) => [what, status, attempt, attempts])).toEqual([
    [expect.stringContaining('answered 429 with error.code "rate_limit_reached"'), 429, 1, 5],
    ['answered 503 (<h1>busy</h1>)', 503, 2, 5],
    ['the connection broke off', null, 3, 5],
    ['the connection broke off in the middle of the answer', 200, 4, 5],
  ]);
  expect(JSON.stringify(retries)).not.toContain('access_key');
});

test('Retry-After is honoured beyond backoff.max, as seconds and as a date', async () => {
  const clock = createVirtualClock(Date.UTC(2026, 0, 31, 6));
  const after = ['7', 'Sat, 31 Jan 2026 06:00:20 GMT', '300'];
  const api = await startApi(({ number, url }, response) => {
    const header = after[number - 1];
    if (header === undefined) json(response, listPage(url, 1));
    else json(response, code('rate_limit_reached'), 429, { 'retry-after': header });
  });
  await readAll(sourceOf(api.url, { options: { clock } }));
  // The second asks until 06:00:20 when it is 06:00:07.
  expect(clock.slept).toEqual([7000, 13_000, 300_000]);
});

test('waits without Retry-After are drawn below a doubling bound', async () => {
  const clock = createVirtualClock();
  const api = await startApi((_, response) => json(response, {}, 500));
  await expect(readAll(sourceOf(api.url, { options: { clock } }))).rejects.toMatchObject({
    exit: EXIT.temporary,
    status: 500,
    message: expect.stringContaining('answered 500 ({}) (asked 5 times). Try again later'),
  });
  expect(clock.slept).toEqual([500, 1000, 2000, 4000]);
  expect(api.requests).toHaveLength(5);
});

test('the deadline ends the retries before the attempts do', async () => {
  const api = await startApi((_, response) => json(response, {}, 503, { 'retry-after': '40' }));
  const retry = { attempts: 20, deadline: '100s' };
  await expect(readAll(sourceOf(api.url, { source: { retry } }))).rejects.toMatchObject({
    exit: EXIT.temporary,
    message: expect.stringContaining('the deadline of 100s comes first'),
  });
  expect(api.requests).toHaveLength(3);
});

test.each([
  ['a used-up quota', 429, code('usage_limit_reached')],
  ['a wrong key', 401, code('invalid_access_key')],
  ['a wrong key with status 200', 200, code('invalid_access_key')],
  ['a wrong path', 404, {}],
])('%s is final at the first request', async (_, status, body) => {
  const api = await startApi((_asked, response) => json(response, body, status));
  await expect(readAll(sourceOf(api.url))).rejects.toMatchObject({ exit: EXIT.configuration, status });
  expect(api.requests).toHaveLength(1);
});

test('a redirect to another host is final and names it', async () => {
  const api = await startApi(({ url }, response) => {
    response.writeHead(301, { location: `https://new.test${url.pathname}${url.search}` }).end();
  });
  const failure = await readAll(sourceOf(api.url)).catch((error: Error) => error);
  expect(failure).toMatchObject({ exit: EXIT.configuration });
  expect(String(failure)).toMatch(/redirects to new\.test, .*set base_url/);
  expect(String(failure)).not.toContain('access_key');
});

test('an answer without the list is asked for once more, then it is bad data', async () => {
  const api = await startApi((_, response) => json(response, code('something_new')));
  await expect(readAll(sourceOf(api.url))).rejects.toMatchObject({
    exit: EXIT.badData,
    code: 'something_new',
    message: expect.stringMatching(/without a list of records at "data" .*asked 2 times.*Check records/),
  });
  expect(api.requests).toHaveLength(2);
});

test('an API that ignores the offset is a loop and final', async () => {
  const api = await startApi((_, response) =>
    json(response, listPage(new URL('http://api.test/?limit=100'), 300)),
  );
  await expect(readAll(sourceOf(api.url))).rejects.toMatchObject({
    exit: EXIT.configuration,
    message: expect.stringContaining('check paginate.offset_param'),
  });
  expect(api.requests).toHaveLength(2);
});

test('more pages than max_pages are taken for a loop', async () => {
  const api = await startApi(({ url }, response) => json(response, listPage(url, 500)));
  const paginate = { kind: 'offset', page_size: 100, total: 'pagination.total', max_pages: 3 };
  await expect(readAll(sourceOf(api.url, { extract: { paginate } }))).rejects.toMatchObject({
    exit: EXIT.configuration,
    message: expect.stringContaining('raise paginate.max_pages'),
  });
  expect(api.requests).toHaveLength(3);
});

test('the budget is one for all slices, counts retries and what earlier tries used', async () => {
  const api = await startApi(({ number, url }, response) =>
    number === 2 ? json(response, {}, 503) : json(response, listPage(url, 250)),
  );
  const source = sourceOf(api.url, { source: { max_requests: 9 }, options: { requestsUsed: 3 } });
  await readAll(source);
  await expect(readAll(source)).rejects.toMatchObject({
    exit: EXIT.configuration,
    message: expect.stringMatching(
      /budget of 9 requests is used up, 3 of them by earlier tries.*max_requests of the source/,
    ),
  });
  expect(api.requests).toHaveLength(6);
});

test('an abort ends a wait between retries', async () => {
  const stop = new AbortController();
  const api = await startApi((_, response) => json(response, {}, 503));
  const source = sourceOf(api.url, { options: { onRetry: () => stop.abort(new Error('enough')) } });
  await expect(readAll(source, { signal: stop.signal })).rejects.toThrow('enough');
  expect(api.requests).toHaveLength(1);
});

test('a page that repeats the key is given on with the key masked, all else byte for byte', async () => {
  const next = `http://api.test/?offset=1&access_key=${encodeURIComponent(KEY)}`;
  const api = await startApi((_, response) => {
    response.end(`{"data":[{"id": 1.50}],"pagination":{"total":1},"next":${JSON.stringify(next)} }`);
  });
  const [page] = await readAll(sourceOf(api.url));
  expect(Buffer.from(page?.body ?? []).toString()).toBe(
    '{"data":[{"id": 1.50}],"pagination":{"total":1},"next":"http://api.test/?offset=1&access_key=***" }',
  );
});

test('a key so short that data may hold it by chance is refused rather than masked', async () => {
  const api = await startApi((_, response) =>
    json(response, { data: [{ city: 'demo-town' }], pagination: { total: 1 } }),
  );
  await expect(readAll(sourceOf(api.url, { options: { secret: () => 'demo' } }))).rejects.toMatchObject({
    exit: EXIT.configuration,
    message: expect.stringContaining('too short'),
  });
});

test.each([
  ['a line break at its end', 'query', 'abc\n'],
  ['a letter that no header carries', 'header', 'schlüssel'],
])('a key with %s is refused before anything is asked', (_, place, key) => {
  const auth = { kind: 'api_key', in: place, name: 'key', secret: 'API_KEY' };
  const open = () => sourceOf('http://api.test', { source: { auth }, options: { secret: () => key } });
  expect(open).toThrow(/the secret in API_KEY/);
});

test.each([
  ['no address', 'api.test/v1'],
  ['another protocol', 'ftp://api.test'],
  ['a query', 'http://api.test/v1?a=b'],
  ['an open placeholder', 'http://${variables.host}/v1'],
])('a base_url that is %s is a configuration error', async (_, base) => {
  await expect(readAll(sourceOf(base))).rejects.toMatchObject({
    exit: EXIT.configuration,
    message: expect.stringContaining('base_url'),
  });
});

test('a placeholder without a value is never sent', async () => {
  const source = sourceOf('http://127.0.0.1:1', { extract: { query: { airline: '${slice.airline}' } } });
  await expect(readAll(source)).rejects.toThrow('${slice.airline} in the extract has no value');
});
