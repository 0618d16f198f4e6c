import { expect, test } from 'vitest';
import { EXIT } from '../../../src/spec/exit-codes.ts';
import type { Fault, FaultAction } from '../../../src/stand-in/server.ts';
import { DAY, detailsOf, everyByte, type Result } from './bench.ts';
import { AIRLINES, type FlightsBench, startFlights } from './flights.ts';

const once = (action: FaultAction): Fault[] => [{ count: 1, action }];
const always = (action: FaultAction): Fault[] => [{ count: 'always', action }];
const pagesOf = (result: Result) =>
  detailsOf(result).slices.reduce((sum, slice) => sum + slice.pages.length, 0);

/** The receipt, the requests that were counted and those that arrived agree, and the records are all there. */
function expectWhole(result: Result, bench: FlightsBench): void {
  const details = detailsOf(result);
  expect(details.records).toBe(details.total);
  expect(details.records).toBeGreaterThan(0);
  const [outcome] = [...result.outcomes.values()];
  expect(outcome).toMatchObject({
    status: 'done',
    rows: { received: details.records },
    requests: bench.api.requests.length,
  });
}

test('an API that is well: one request a page, every record counted', async () => {
  const bench = await startFlights();
  const result = await bench.run();
  expectWhole(result, bench);
  expect(detailsOf(result).slices.map((slice) => slice.value)).toEqual(AIRLINES);
  expect(bench.api.requests).toHaveLength(pagesOf(result));
});

test('429 rate_limit_reached twice, Retry-After 1: pages + 2', async () => {
  const bench = await startFlights();
  bench.api.setFaults([
    { count: 2, action: { kind: 'error', status: 429, code: 'rate_limit_reached', retryAfter: '1' } },
  ]);
  const result = await bench.run();
  expectWhole(result, bench);
  expect(bench.api.requests).toHaveLength(pagesOf(result) + 2);
  expect(Math.max(...bench.clock.slept)).toBe(1000);
});

test.each<[string, FaultAction]>([
  ['429 usage_limit_reached', { kind: 'error', status: 429, code: 'usage_limit_reached' }],
  ['401 invalid_access_key', { kind: 'error', status: 401, code: 'invalid_access_key' }],
  ['200 with invalid_access_key', { kind: 'ok_error', code: 'invalid_access_key' }],
])('%s: one request for each slice in flight, 78, nothing landed', async (_, action) => {
  const bench = await startFlights();
  bench.api.setFaults(always(action));
  const result = await bench.run();
  expect(result.error).toMatchObject({ exit: EXIT.configuration });
  expect(bench.api.requests.length).toBeGreaterThanOrEqual(1);
  expect(bench.api.requests.length).toBeLessThanOrEqual(2);
  expect(result.outcomes.size).toBe(0);
  expect(everyByte(bench.root)).not.toContain('page-00001');
});

const TROUBLE: [string, FaultAction][] = [
  ['500', { kind: 'error', status: 500, code: 'internal_error' }],
  ['503 HTML', { kind: 'body', status: 503, contentType: 'text/html', body: '<h1>Service Unavailable</h1>' }],
  ['a reset', { kind: 'reset' }],
  ['a truncated body', { kind: 'truncate' }],
  ['200 HTML', { kind: 'body', status: 200, contentType: 'text/html', body: '<h1>Maintenance</h1>' }],
];

test.each(TROUBLE)('%s once: pages + 1', async (_, action) => {
  const bench = await startFlights();
  bench.api.setFaults(once(action));
  const result = await bench.run();
  expectWhole(result, bench);
  expect(bench.api.requests).toHaveLength(pagesOf(result) + 1);
});

test.each(TROUBLE)('%s for ever: the attempts of each slice in flight, 75', async (_, action) => {
  const bench = await startFlights({}, { source: { retry: { attempts: 3 } } });
  bench.api.setFaults(always(action));
  const result = await bench.run();
  expect(result.error).toMatchObject({ exit: EXIT.temporary });
  expect(bench.api.requests.length).toBeGreaterThanOrEqual(3);
  expect(bench.api.requests.length).toBeLessThanOrEqual(6);
  // The request of the other slice can be called off before it arrives; it is counted all the same.
  expect(result.spent.get(DAY)).toBeGreaterThanOrEqual(bench.api.requests.length);
  expect(result.spent.get(DAY)).toBeLessThanOrEqual(6);
});

test('trouble for ever, one slice at a time: exactly the attempts', async () => {
  const bench = await startFlights({}, { parallel: 1, source: { retry: { attempts: 4 } } });
  bench.api.setFaults(always({ kind: 'reset' }));
  const result = await bench.run();
  expect(result.error).toMatchObject({ exit: EXIT.temporary });
  expect([bench.api.requests.length, result.spent.get(DAY)]).toEqual([4, 4]);
});

test('no data for the whole partition: one request a slice, for upload to judge', async () => {
  const bench = await startFlights();
  bench.api.setFaults(always({ kind: 'empty' }));
  const details = detailsOf(await bench.run());
  expect([details.records, details.total]).toEqual([0, 0]);
  expect(details.slices.map((slice) => slice.pages.length)).toEqual([1, 1, 1, 1]);
  expect(bench.api.requests).toHaveLength(4);
});

test('no data for one airline: the others are there, or 65 where the spec wants every slice', async () => {
  const bench = await startFlights();
  bench.api.setFaults([{ match: { slice: 'LH' }, count: 'always', action: { kind: 'empty' } }]);
  const result = await bench.run();
  expectWhole(result, bench);
  expect(
    detailsOf(result)
      .slices.filter((slice) => slice.records === 0)
      .map((slice) => slice.value),
  ).toEqual(['LH']);

  const { slices } = bench.extract;
  if (slices === undefined) throw new Error('the extract has slices');
  const strict = await bench.run({
    generation: 1,
    extract: { ...bench.extract, slices: { ...slices, on_empty: 'fail' } },
  });
  expect(strict.error).toMatchObject({ exit: EXIT.badData, message: expect.stringContaining('slice LH') });
});

test('pages capped at 100 though 1,000 were asked: total/100 requests, every record', async () => {
  const whole = detailsOf(await (await startFlights()).run());
  const bench = await startFlights({ plan: 'basic' });
  const result = await bench.run();
  expectWhole(result, bench);
  expect(detailsOf(result).records).toBe(whole.records);
  const expected = whole.slices.reduce((sum, slice) => sum + Math.ceil(slice.records / 100), 0);
  expect(bench.api.requests).toHaveLength(expected);
});

test('after the first failure no other slice asks for anything more', async () => {
  const bench = await startFlights({ plan: 'basic' }, { parallel: 1 });
  bench.api.setFaults([
    {
      match: { slice: 'LH', offset: 100 },
      count: 'always',
      action: { kind: 'error', status: 401, code: 'invalid_access_key' },
    },
  ]);
  const result = await bench.run();
  expect(result.error).toMatchObject({ exit: EXIT.configuration });
  expect(bench.api.requests.at(-1)?.query).toMatchObject({ airline_iata: 'LH', offset: '100' });
});

test('the budget is one for all slices and partitions', async () => {
  const bench = await startFlights({}, { extract: { max_requests: 6 } });
  const result = await bench.run({ partitions: ['2026-01-30', '2026-01-31'] });
  expect(result.error).toMatchObject({
    exit: EXIT.configuration,
    message: expect.stringContaining('Raise max_requests of the extract'),
  });
  expect(bench.api.requests).toHaveLength(6);
  expect(Object.fromEntries(result.spent)).toEqual({ '2026-01-30': 4, '2026-01-31': 2 });
  expect([...result.outcomes.keys()]).toEqual(['2026-01-30']);

  const again = await bench.run({ partitions: ['2026-01-29'], requestsUsed: 6 });
  expect(again.error).toMatchObject({ exit: EXIT.configuration });
  expect(bench.api.requests).toHaveLength(6);
});

test('the rate limit is one for all slices', async () => {
  const bench = await startFlights({}, { parallel: 4, source: { rate_limit: { requests: 1, per: '1m' } } });
  const began = bench.clock.now();
  detailsOf(await bench.run());
  expect(bench.clock.now() - began).toBe(3 * 60_000);
});
