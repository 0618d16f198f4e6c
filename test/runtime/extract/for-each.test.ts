import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { landedPages } from '../../../src/runtime/steps/landed-pages.ts';
import { EXIT } from '../../../src/spec/exit-codes.ts';
import { type Asked, json, startApi } from '../http/api.ts';
import { extractOf, KEY } from '../http/source-of.ts';
import { createBench, detailsOf, filesOf } from './bench.ts';

// biome-ignore lint/suspicious/noThenProperty: the language's word for what follows
const SKIP = { then: 'skip' };
const HOUR = 3_600_000;
const FORM = { as: 'order', records: 'items' };
/** Identifiers that JavaScript would round, a text, and one whose list is empty. */
const IDS = '[{"id":9223372036854775807,"by":{"name":"é"}},{"id":"a/b","by":null},{"id":3},{"id":4}]';
const LINES: Readonly<Record<string, number>> = { '9223372036854775807': 3, 'a/b': 2, '3': 0, '4': 1 };

/** Two pages of parents, each with a list of lines by pages of two. */
function orders({ url }: Asked): string {
  const child = /^\/orders\/(.+)\/items$/.exec(decodeURIComponent(url.pathname));
  if (child === null) {
    const parents = url.searchParams.get('page') === '2' ? '[{"id":5}]' : IDS;
    return `{"items":${parents},"more":${url.searchParams.get('page') !== '2'}}`;
  }
  const all = Array.from({ length: LINES[child[1] ?? ''] ?? 1 }, (_, line) => ({ line }));
  const offset = Number(url.searchParams.get('offset'));
  return JSON.stringify({ items: all.slice(offset, offset + 2), total: all.length });
}

const EXTRACT = {
  query: {},
  path: '/orders/${order.id}/items',
  records: 'items',
  paginate: { kind: 'offset', page_size: 2, total: 'total' },
};
const FOR_EACH = {
  as: 'order',
  path: '/orders',
  method: 'GET',
  query: { from: '${partition.start}', to: '${partition.end}' },
  headers: {},
  records: 'items',
  paginate: { kind: 'page', has_more: 'more' },
  parallel: 2,
};

async function startOrders(
  answer: (asked: Asked) => string | undefined = orders,
  overrides: { extract?: Record<string, unknown>; source?: Record<string, unknown> } = {},
) {
  const api = await startApi((asked, response) => {
    const text = answer(asked);
    if (text === undefined) json(response, {}, 503);
    else response.writeHead(200, { 'content-type': 'application/json' }).end(text);
  });
  const extract = extractOf(api.url, {
    extract: { ...EXTRACT, for_each: FOR_EACH, ...overrides.extract },
    source: overrides.source ?? {},
  });
  return { api, bench: createBench(extract, KEY), extract };
}

test('parents first, then the list of each; every page is landed and names its parent', async () => {
  const { api, bench } = await startOrders();
  const details = detailsOf(await bench.run());
  const [slice] = details.slices;
  expect(details).toMatchObject({ records: 7, total: 7 });
  expect(slice).toMatchObject({ value: null, pages: [], for_each: { children: { pages: 5, lists: 5 } } });
  expect(slice?.for_each?.parents.map((page) => page.records)).toEqual([4, 1]);
  expect(api.requests.slice(0, 2).map(({ url }) => [url.pathname, url.searchParams.get('from')])).toEqual([
    ['/orders', '2026-01-31T00:00:00+00:00'],
    ['/orders', '2026-01-31T00:00:00+00:00'],
  ]);
  // Two pages of parents, five lists of which one has a second page.
  expect(api.requests).toHaveLength(2 + 5 + 1);

  const pages = await landedPages(bench.store, details, FORM, ['order.id', 'order.by.name', 'order.by']);
  expect(pages.map(({ records, slice: value, parent }) => [records, value, parent])).toEqual([
    [2, null, { 'order.id': '9223372036854775807', 'order.by.name': 'é', 'order.by': '{"name":"é"}' }],
    [1, null, { 'order.id': '9223372036854775807', 'order.by.name': 'é', 'order.by': '{"name":"é"}' }],
    [2, null, { 'order.id': 'a/b', 'order.by.name': null, 'order.by': null }],
    [1, null, { 'order.id': '4', 'order.by.name': null, 'order.by': null }],
    [1, null, { 'order.id': '5', 'order.by.name': null, 'order.by': null }],
  ]);
  const bodies = pages.map(({ name }) =>
    JSON.parse(gunzipSync(readFileSync(join(bench.root, name))).toString()),
  );
  expect(bodies.map(({ items }) => items)).toEqual([
    [{ line: 0 }, { line: 1 }],
    [{ line: 2 }],
    [{ line: 0 }, { line: 1 }],
    [{ line: 0 }],
    [{ line: 0 }],
  ]);
});

test('what is landed costs no request, empty lists included, and gives the same receipt', async () => {
  const { api, bench } = await startOrders();
  const first = detailsOf(await bench.run());
  const files = filesOf(bench.root);
  bench.clock.advance(HOUR / 2);
  const again = await bench.run();
  expect(detailsOf(again)).toEqual(first);
  expect(api.requests).toHaveLength(8);
  expect(filesOf(bench.root)).toEqual(files);
});

test('a retry asks only for the lists that are not there', async () => {
  let broken = true;
  const { api, bench } = await startOrders(
    (asked) => (broken && asked.url.pathname.includes('/4/') ? undefined : orders(asked)),
    { source: { retry: { attempts: 1 } }, extract: { for_each: { ...FOR_EACH, parallel: 1 } } },
  );
  expect((await bench.run()).error).toMatchObject({ exit: EXIT.temporary });
  const asked = api.requests.length;
  broken = false;
  expect(detailsOf(await bench.run()).records).toBe(7);
  expect(api.requests.slice(asked).map(({ url }) => url.pathname)).toEqual([
    '/orders/4/items',
    '/orders/5/items',
  ]);
});

test('a list of several pages goes on after the one that is landed', async () => {
  let broken = true;
  const { api, bench } = await startOrders(
    (asked) => (broken && asked.url.searchParams.get('offset') === '2' ? undefined : orders(asked)),
    { source: { retry: { attempts: 1 } }, extract: { for_each: { ...FOR_EACH, parallel: 1 } } },
  );
  expect((await bench.run()).error).toMatchObject({ exit: EXIT.temporary });
  broken = false;
  expect(detailsOf(await bench.run()).records).toBe(7);
  // Two of parents and two of the first list; the one that failed again, and the other four lists.
  expect(api.requests).toHaveLength(4 + 5);
});

test('parents of the same request have one list, which is of each of them', async () => {
  const { api, bench } = await startOrders((asked) =>
    asked.url.pathname === '/orders'
      ? '{"items":[{"id":1,"at":"a"},{"id":1,"at":"b"}],"more":false}'
      : orders(asked),
  );
  const details = detailsOf(await bench.run());
  const pages = await landedPages(bench.store, details, FORM, ['order.at']);
  expect(pages.map(({ parent }) => parent)).toEqual([{ 'order.at': 'a' }, { 'order.at': 'b' }]);
  expect(details).toMatchObject({ records: 2, total: 2, slices: [{ for_each: { children: { lists: 1 } } }] });
  expect(api.requests).toHaveLength(2);
});

test('no parents: nothing is asked for, and nothing is there', async () => {
  const { api, bench } = await startOrders(() => '{"items":[],"more":false}');
  const details = detailsOf(await bench.run());
  expect(details).toMatchObject({ records: 0, total: 0 });
  expect(await landedPages(bench.store, details, FORM, ['order.id'])).toEqual([]);
  expect(api.requests).toHaveLength(1);
});

test('a parent without what its request needs is bad data, and is named', async () => {
  const { bench } = await startOrders(() => '{"items":[{"id":1},{"id":null}],"more":false}');
  expect((await bench.run()).error).toMatchObject({
    exit: EXIT.badData,
    message: expect.stringMatching(
      /record 2 of landing\/.*page-00001\.json\.gz has no value for \$\{order\.id\}/,
    ),
  });
});

test('a list that the API no longer has may be missing', async () => {
  const api = await startApi((asked, response) => {
    if (asked.url.pathname.includes('/4/')) json(response, {}, 404);
    else response.end(orders(asked));
  });
  const run = (missing: object | undefined) =>
    createBench(extractOf(api.url, { extract: { ...EXTRACT, for_each: FOR_EACH, missing } }), KEY).run();
  expect((await run(undefined)).error).toMatchObject({ exit: EXIT.configuration });
  expect(detailsOf(await run(SKIP))).toMatchObject({ records: 6, total: 6 });
});

test('a receipt stays small with many parents', async () => {
  const many = Array.from({ length: 300 }, (_, id) => ({ id }));
  const { bench } = await startOrders(
    (asked) =>
      asked.url.pathname === '/orders'
        ? JSON.stringify({ items: many, more: false })
        : '{"items":[{"line":1}],"total":1}',
    { source: { max_requests: 5000 }, extract: { for_each: { ...FOR_EACH, parallel: 8 } } },
  );
  const details = detailsOf(await bench.run());
  expect(details.records).toBe(300);
  expect(JSON.stringify(details).length).toBeLessThan(1500);
  const pages = await landedPages(bench.store, details, FORM, ['order.id']);
  expect(pages.map(({ parent }) => parent['order.id'])).toEqual(many.map(({ id }) => String(id)));
});

test('a list of pages that is damaged is bad data', async () => {
  const { bench } = await startOrders();
  const details = detailsOf(await bench.run());
  const name = details.slices[0]?.for_each?.children.name ?? '';
  expect(filesOf(bench.root)).toContain(join(bench.root, name));
  await bench.store.overwrite(name, Buffer.from('other'));
  await expect(landedPages(bench.store, details, FORM, ['order.id'])).rejects.toMatchObject({
    exit: EXIT.badData,
    message: expect.stringContaining('not what extract landed'),
  });
});
