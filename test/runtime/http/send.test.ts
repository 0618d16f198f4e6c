import { expect, test } from 'vitest';
import type { Retry } from '../../../src/runtime/adapters/http/send.ts';
import { Damaged, Loop, NotAPage } from '../../../src/runtime/adapters/http/unusable.ts';
import { EXIT } from '../../../src/spec/exit-codes.ts';
import { json, startApi } from './api.ts';
import { transportOf } from './transport-of.ts';
import { createVirtualClock } from './virtual-clock.ts';

test.each([
  ['seconds', '36000'],
  ['a date', 'Sat, 31 Jan 2026 16:00:00 GMT'],
])('a Retry-After of 10 hours as %s is not waited: the deadline comes first', async (_, header) => {
  const clock = createVirtualClock(Date.UTC(2026, 0, 31, 6));
  const api = await startApi((_asked, response) => json(response, {}, 429, { 'retry-after': header }));
  const ask = transportOf({ base_url: api.url }, { clock });
  await expect(ask({ url: api.url })).rejects.toMatchObject({
    exit: EXIT.temporary,
    status: 429,
    message: expect.stringContaining(
      '(asked once; it asks to wait 36000 s, and the deadline of 10m comes first). Try again later',
    ),
  });
  expect([api.requests.length, clock.slept]).toEqual([1, []]);
});

test('what one slice is asked to wait, all wait', async () => {
  const clock = createVirtualClock();
  const began = clock.now();
  const times: number[] = [];
  const api = await startApi(({ number }, response) => {
    times.push(clock.now() - began);
    if (number === 1) json(response, {}, 429, { 'retry-after': '120' });
    else json(response, {});
  });
  const held: Promise<unknown>[] = [];
  const ask = transportOf({ base_url: api.url }, { clock, onRetry: () => held.push(ask({ url: api.url })) });
  await ask({ url: api.url });
  await Promise.all(held);
  expect(times).toEqual([0, 120_000, 120_000]);
});

test.each([
  ['Damaged', () => new Damaged('answered with half a table'), EXIT.temporary, 5],
  ['NotAPage', () => new NotAPage('answered without a list'), EXIT.badData, 2],
  ['Loop', () => new Loop('answered with the same cursor', 'Check paginate.next'), EXIT.configuration, 1],
])('%s', async (_, error, exit, requests) => {
  const api = await startApi((_asked, response) => json(response, { data: 1 }));
  const ask = transportOf({ base_url: api.url });
  const accept = () => Promise.reject(error());
  await expect(ask({ url: api.url, accept })).rejects.toMatchObject({
    exit,
    status: 200,
    message: expect.stringContaining(error().message),
  });
  expect(api.requests).toHaveLength(requests);
});

test('an error of another kind in accept is thrown as it is', async () => {
  const api = await startApi((_, response) => json(response, {}));
  const accept = () => Promise.reject(new TypeError('a defect'));
  await expect(transportOf({ base_url: api.url })({ url: api.url, accept })).rejects.toThrow(TypeError);
});

test('rules may make a final answer temporary by its status alone', async () => {
  const api = await startApi(({ number }, response) => json(response, {}, number < 3 ? 409 : 200));
  const errors = [JSON.parse('{"status":[409],"then":"retry"}')];
  const retries: Retry[] = [];
  await transportOf(
    { base_url: api.url, errors },
    { onRetry: (retry) => retries.push(retry) },
  )({ url: api.url });
  expect(retries.map(({ status, attempt }) => [status, attempt])).toEqual([
    [409, 1],
    [409, 2],
  ]);
});

test('max_response is of the inflated bytes; a success above it is final, an error above it is still its status', async () => {
  const api = await startApi(({ url }, response) => {
    response.writeHead(url.pathname === '/page' ? 200 : 503).end(`"${'x'.repeat(5000)}"`);
  });
  const ask = transportOf({ base_url: api.url, max_response: '4KiB' });
  await expect(ask({ url: `${api.url}/page` })).rejects.toMatchObject({
    exit: EXIT.configuration,
    message: expect.stringMatching(/more than 4KiB.*max_response/),
  });
  await expect(ask({ url: `${api.url}/busy` })).rejects.toMatchObject({ exit: EXIT.temporary, status: 503 });
  await transportOf({ base_url: api.url, max_response: '5KiB' })({ url: `${api.url}/page` });
  expect(api.requests).toHaveLength(7);
});

test('a lower budget of the extract counts, with what earlier tries used', async () => {
  const api = await startApi((_, response) => json(response, {}));
  const ask = transportOf({ base_url: api.url, max_requests: 9 }, { maxRequests: 3, requestsUsed: 1 });
  await ask({ url: api.url });
  await ask({ url: api.url });
  await expect(ask({ url: api.url })).rejects.toMatchObject({
    exit: EXIT.configuration,
    message: expect.stringMatching(
      /budget of 3 requests is used up, 1 of them by earlier tries.*max_requests of the extract/,
    ),
  });
});
