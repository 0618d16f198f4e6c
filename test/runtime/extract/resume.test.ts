import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { EXIT } from '../../../src/spec/exit-codes.ts';
import { json, listPage, startApi } from '../http/api.ts';
import { extractOf, KEY } from '../http/source-of.ts';
import { createBench, detailsOf, filesOf } from './bench.ts';
import { startFlights } from './flights.ts';

const HOUR = 3_600_000;

/** A list of 450 records by 100, of which the step is stopped when it asks for the fourth page. */
async function stoppedInMidSlice() {
  const stop = new AbortController();
  const api = await startApi(({ number, url }, response) => {
    if (number === 4) stop.abort();
    else json(response, listPage(url, 450));
  });
  const bench = createBench(extractOf(api.url), KEY);
  const first = await bench.run({ signal: stop.signal });
  return { api, bench, first };
}

test('a stop in the middle of a slice ends with 143 and keeps what is landed', async () => {
  const { api, bench, first } = await stoppedInMidSlice();
  expect(first.error).toMatchObject({ exit: EXIT.stopped });
  expect(api.requests).toHaveLength(4);
  expect([...first.spent.values()]).toEqual([4]);
  expect(filesOf(bench.root).filter((file) => file.endsWith('.gz'))).toHaveLength(3);
});

test('a retry goes on at the next offset, and its data are as old as the oldest page', async () => {
  const { api, bench } = await stoppedInMidSlice();
  const began = new Date(bench.clock.now()).toISOString();
  bench.clock.advance(HOUR / 2);
  const result = await bench.run();
  const details = detailsOf(result);
  expect(api.requests.slice(4).map(({ url }) => url.searchParams.get('offset'))).toEqual(['300', '400']);
  expect(details).toMatchObject({ records: 450, total: 450, extracted_at: began });
  expect(details.slices[0]?.pages.map((page) => page.records)).toEqual([100, 100, 100, 100, 50]);
  expect([...result.spent.values()]).toEqual([2]);
  expect(bench.events()).toContainEqual(
    expect.objectContaining({ event: 'slice_resumed', pages: 3, records: 300 }),
  );
});

test('what is landed whole costs no request, and gives the same receipt', async () => {
  const bench = await startFlights({ plan: 'basic' });
  const first = detailsOf(await bench.run());
  const asked = bench.api.requests.length;
  bench.clock.advance(60_000);
  const again = await bench.run();
  expect(detailsOf(again)).toEqual(first);
  expect(bench.api.requests).toHaveLength(asked);
  expect([...again.outcomes.values()][0]).toMatchObject({ requests: 0 });
});

test('after a failure of one slice the others are not asked for again', async () => {
  const bench = await startFlights({}, { parallel: 1 });
  bench.api.setFaults([
    { match: { slice: 'NH' }, count: 1, action: { kind: 'error', status: 401, code: 'invalid_access_key' } },
  ]);
  expect((await bench.run()).error).toMatchObject({ exit: EXIT.configuration });
  const result = await bench.run();
  expect(detailsOf(result).records).toBe(detailsOf(result).total);
  expect(bench.api.requests.map(({ query }) => query.airline_iata)).toEqual(['AA', 'LH', 'DL', 'NH', 'NH']);
});

test.each([
  ['pages older than resume_within', HOUR + 1, {}],
  ['pages of another request', 0, { query: { flight_date: '${partition}', flight_status: 'landed' } }],
  ['pages that are none by the spec of now', 0, { records: 'pagination' }],
])('%s are left as they are and the slice is read anew', async (_, later, changed) => {
  const { api, bench } = await stoppedInMidSlice();
  const old = filesOf(bench.root);
  bench.clock.advance(later);
  const result = await bench.run({ extract: { ...extractOf(api.url), ...changed } });
  expect(api.requests[4]?.url.searchParams.get('offset')).toBe('0');
  expect(filesOf(bench.root)).toEqual(expect.arrayContaining(old));
  if ('records' in changed) {
    expect(result.error).toMatchObject({ exit: EXIT.badData });
    return;
  }
  const details = detailsOf(result);
  expect(details.extracted_at).toBe(new Date(bench.clock.now()).toISOString());
  expect(details.slices[0]?.pages.every((page) => page.name.includes('/all~2/page-'))).toBe(true);
});

test('a damaged page is not built upon', async () => {
  const { api, bench } = await stoppedInMidSlice();
  const [page] = filesOf(bench.root).filter((file) => file.endsWith('page-00002.json.gz'));
  writeFileSync(page ?? '', 'not gzip');
  expect(detailsOf(await bench.run()).records).toBe(450);
  expect(api.requests).toHaveLength(4 + 5);
});

test('a cleared extract begins a new generation and reads everything', async () => {
  const bench = await startFlights({}, { airlines: ['AA'] });
  const first = detailsOf(await bench.run());
  const second = detailsOf(await bench.run({ generation: 1 }));
  expect(bench.api.requests).toHaveLength(2);
  expect(second.slices[0]?.pages[0]?.name).toBe(first.slices[0]?.pages[0]?.name.replace('/0/', '/1/'));
});

test('slices whose names begin alike are kept apart', async () => {
  const bench = await startFlights({}, { airlines: ['A', 'AA', 'A~2', 'A/..'] });
  // AA is read twice, so its pages are in the folder of a second reading.
  bench.api.setFaults([{ match: { slice: 'AA' }, count: 1, action: { kind: 'total', add: 5 } }]);
  const first = detailsOf(await bench.run());
  const asked = bench.api.requests.length;
  expect(detailsOf(await bench.run())).toEqual(first);
  expect(bench.api.requests).toHaveLength(asked);
  expect(first.slices.map((slice) => slice.pages[0]?.name.split('/').at(-2))).toEqual([
    'slice-A',
    'slice-AA~2',
    'slice-A%7E2',
    'slice-A%2F%2E%2E',
  ]);
  const folder = join(bench.root, 'landing');
  expect(filesOf(bench.root).every((file) => file.startsWith(folder))).toBe(true);
});
