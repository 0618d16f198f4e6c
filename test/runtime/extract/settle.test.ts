import { expect, test } from 'vitest';
import { settle } from '../../../src/runtime/steps/extract/settle.ts';
import { EXIT } from '../../../src/spec/exit-codes.ts';
import { json, listPage, startApi } from '../http/api.ts';
import { extractOf, KEY } from '../http/source-of.ts';
import { createBench, detailsOf } from './bench.ts';

test.each([
  [250, [250, 250], 0, { complete: true, moved: false }],
  [250, [null, null], 0, { complete: true, moved: false }],
  [250, [250, null], 0, { complete: true, moved: false }],
  [249, [250, 250], 0, { complete: false, moved: false }],
  [251, [250, 251], 0, { complete: true, moved: true }],
  [200, [250, 199], 1, { complete: true, moved: true }],
  [249, [249, 250], 1, { complete: true, moved: false }],
  [0, [], 0, { complete: true, moved: false }],
])('%i records where the pages said %j, tolerance %i', (received, totals, tolerance, expected) => {
  expect(settle(received, totals, tolerance)).toEqual(expected);
});

/** The total of the n-th request, from 1. */
async function listThatMoves(total: (number: number) => number, tolerance = 0) {
  const api = await startApi(({ number, url }, response) => json(response, listPage(url, total(number))));
  const paginate = { kind: 'offset', page_size: 100, total: 'pagination.total', tolerance };
  return { api, bench: createBench(extractOf(api.url, { extract: { paginate } }), KEY) };
}

test('a total that grows once: the slice is read again, into a folder of its own', async () => {
  const { api, bench } = await listThatMoves((number) => (number === 1 ? 250 : 260));
  const details = detailsOf(await bench.run());
  expect(api.requests.map(({ url }) => url.searchParams.get('offset'))).toEqual([
    '0',
    '100',
    '200',
    '0',
    '100',
    '200',
  ]);
  expect(details).toMatchObject({ records: 260, total: 260 });
  expect(details.slices[0]?.pages[0]?.name).toContain('/all~2/');
  expect(bench.events()).toContainEqual(expect.objectContaining({ event: 'slice_read_again', level: 40 }));
});

test('a total that shrinks below what came fails when it does so again', async () => {
  const { api, bench } = await listThatMoves((number) => (number % 2 === 1 ? 250 : 90));
  const result = await bench.run();
  expect(result.error).toMatchObject({
    exit: EXIT.temporary,
    message: expect.stringMatching(
      /100 records came and the API counts 90, after 250 at first.*paginate\.tolerance/,
    ),
  });
  expect(api.requests).toHaveLength(4);
});

test('a list that only grows at its end is taken when its count fits', async () => {
  const { bench } = await listThatMoves((number) => 249 + number);
  expect(detailsOf(await bench.run())).toMatchObject({ records: 255, total: 255 });
});

test('a difference within the tolerance is taken at once', async () => {
  const { api, bench } = await listThatMoves((number) => (number === 1 ? 250 : 255), 5);
  expect(detailsOf(await bench.run())).toMatchObject({ records: 255, total: 255 });
  expect(api.requests).toHaveLength(3);
});

test('an empty page before the total: read again, then temporary; the next try asks anew', async () => {
  const api = await startApi(({ url }, response) => {
    const page = listPage(url, 100) as { pagination: { total: number } };
    page.pagination.total = 250;
    json(response, page);
  });
  const bench = createBench(extractOf(api.url), KEY);
  const first = await bench.run();
  expect(first.error).toMatchObject({
    exit: EXIT.temporary,
    message: expect.stringContaining('100 records came and the API counts 250'),
  });
  expect(api.requests).toHaveLength(4);
  const second = await bench.run();
  expect(second.error).toMatchObject({ exit: EXIT.temporary });
  expect(api.requests).toHaveLength(6);
});

test('reading again counts against the budget', async () => {
  const { api, bench } = await listThatMoves((number) => 250 + number);
  const extract = extractOf(api.url, { source: { max_requests: 4 } });
  expect((await bench.run({ extract })).error).toMatchObject({ exit: EXIT.configuration });
  expect(api.requests).toHaveLength(4);
});
