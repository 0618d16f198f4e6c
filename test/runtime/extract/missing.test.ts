import { expect, test } from 'vitest';
import { EXIT } from '../../../src/spec/exit-codes.ts';
import { startApi } from '../http/api.ts';
import { extractOf, KEY } from '../http/source-of.ts';
import { createBench, DAY, detailsOf } from './bench.ts';

// biome-ignore lint/suspicious/noThenProperty: the language's word for what follows
const SKIP = { then: 'skip' };
const MINUTE = 60_000;

/** A daily file that comes with the request of that number; 404 before it. */
async function startFile(missing: object, comesWith: number, status = 404) {
  const api = await startApi(({ number }, response) => {
    if (number < comesWith) response.writeHead(status).end('<h1>Not Found</h1>');
    else response.end('a;b\n1;2\n');
  });
  const extract = extractOf(api.url, {
    extract: {
      path: '/tariffs/${partition:%Y/%m/%d}.csv',
      query: {},
      records: '',
      paginate: { kind: 'none' },
      format: { kind: 'csv', delimiter: ';' },
      missing,
    },
  });
  return { api, bench: createBench(extract, KEY), extract };
}

test('a late file is asked for again until it is there', async () => {
  const { api, bench } = await startFile({ wait: '4h' }, 4);
  const began = bench.clock.now();
  const result = await bench.run();
  expect(detailsOf(result)).toMatchObject({ records: 1, total: null });
  expect(api.requests.map(({ url }) => url.pathname)).toEqual(Array(4).fill('/tariffs/2026/01/31.csv'));
  expect(bench.clock.now() - began).toBe(15 * MINUTE);
  expect([...result.outcomes.values()][0]).toMatchObject({ status: 'done', requests: 4 });
  expect(bench.events().filter(({ event }) => event === 'file_missing')).toHaveLength(3);
  expect(detailsOf(result).slices[0]?.pages[0]?.name).toMatch(/page-00001\.csv\.gz$/);
});

test('a file that does not come within the wait is bad data', async () => {
  const { api, bench } = await startFile({ wait: '12m', every: '5m' }, 100);
  const began = bench.clock.now();
  const result = await bench.run();
  expect(result.error).toMatchObject({
    exit: EXIT.badData,
    message: expect.stringMatching(
      /answered 404 until 12m after the step began: it is not there.*missing\.then/,
    ),
  });
  // At 0, 5, 10 and 12 minutes.
  expect([api.requests.length, bench.clock.now() - began]).toEqual([4, 12 * MINUTE]);
});

test('without a wait it is asked for once', async () => {
  const { api, bench } = await startFile({}, 100);
  expect((await bench.run()).error).toMatchObject({ exit: EXIT.badData });
  expect(api.requests).toHaveLength(1);
});

test('a file that may be missing leaves nothing to do', async () => {
  const { bench } = await startFile(SKIP, 100);
  const result = await bench.run();
  expect(result.error).toBeUndefined();
  expect(result.outcomes.get(DAY)).toMatchObject({
    status: 'skipped',
    requests: 1,
    message: expect.stringContaining('nothing to do'),
  });
});

test('of slices, one may be missing and the others are there', async () => {
  const { bench, extract } = await startFile(SKIP, 2);
  const values = ['de', 'fr'];
  const slices = { name: 'country', values, parallel: 1, on_empty: 'allow' as const };
  const result = await bench.run({
    extract: { ...extract, path: '/${slice.country}.csv', slices },
  });
  expect(detailsOf(result)).toMatchObject({ records: 1 });
  expect(detailsOf(result).slices.map(({ value, records }) => [value, records])).toEqual([
    ['de', 0],
    ['fr', 1],
  ]);
});

test('another status is no missing file', async () => {
  const { bench } = await startFile({ wait: '4h' }, 100, 403);
  expect((await bench.run()).error).toMatchObject({ exit: EXIT.configuration });
  const gone = await startFile({ wait: '1h', status: 410 }, 2, 410);
  expect(detailsOf(await gone.bench.run()).records).toBe(1);
});
