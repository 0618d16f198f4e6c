import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { expect, onTestFinished, test } from 'vitest';
import { preview } from '../../src/cli/preview/preview.ts';
import { show } from '../../src/cli/preview/show.ts';
import { unreadFields } from '../../src/cli/preview/unread-fields.ts';
import { job as jobSchema, type WrittenJob } from '../../src/spec/job.ts';
import { json, startApi } from '../runtime/http/api.ts';

const KEY = 'k/+=%é"-a-key-of-the-api';

async function run(url: string, changes: Partial<WrittenJob>, slice?: string) {
  const home = mkdtempSync(`${tmpdir()}/pipegen-preview-test-`);
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  const { extract, ...rest } = changes;
  const job = jobSchema.parse({
    version: 1,
    pipeline: 'orders',
    environment: 'local',
    timezone: 'UTC',
    steps: ['extract', 'upload', 'load'],
    variables: {},
    store: { kind: 'files', root: 'lake' },
    warehouse: { kind: 'duckdb', path: 'warehouse.duckdb', schema: 'raw' },
    columns: [{ name: 'id', from: ['id'], type: 'integer' }],
    contract: { bad_rows: 'fail', max_bad_rows: '0%' },
    load: { table: 'orders', on_empty: 'fail' },
    checks: [],
    ...rest,
    extract: {
      source: {
        kind: 'http',
        base_url: url,
        auth: { kind: 'api_key', in: 'query', name: 'key', secret: 'ORDERS_KEY' },
      },
      path: '/orders',
      ...extract,
    } as WrittenJob['extract'],
  });
  const lines: string[] = [];
  const result = await preview({
    job,
    home,
    partition: '2026-01-31',
    slice,
    limit: 5,
    from: undefined,
    environment: { ORDERS_KEY: KEY },
    signal: new AbortController().signal,
    onLine: (level, message) => void lines.push(`${level}: ${message}`),
  });
  expect(readdirSync(home)).toEqual([]);
  return { result, lines };
}

test('one page of parents and the first page of children that has a record', async () => {
  const api = await startApi(({ url }, response) => {
    const [, , parent] = url.pathname.split('/');
    if (parent === undefined) return json(response, [{ id: 1 }, { id: 2 }, { id: 3 }]);
    return json(response, parent === '1' ? [] : [{ id: 10 }, { id: 11, name: KEY }]);
  });
  const { result } = await run(api.url, {
    extract: {
      path: '/orders/${order.id}/items',
      for_each: { as: 'order', path: '/orders', parallel: 4 },
    } as WrittenJob['extract'] & object,
    columns: [
      { name: 'order_id', from: ['${order.id}'], type: 'integer' },
      { name: 'id', from: ['id'], type: 'integer' },
      { name: 'name', from: ['name'], type: 'string' },
    ],
  });
  expect(api.requests.map(({ url }) => url.pathname)).toEqual([
    '/orders',
    '/orders/1/items',
    '/orders/2/items',
  ]);
  expect(result.requests).toBe(3);
  expect(result.rows).toEqual([
    { order_id: 2, id: 10, name: null },
    { order_id: 2, id: 11, name: '***' },
  ]);
});

test('the slice that is wanted, masks as in a run, bad rows shown and not fatal', async () => {
  const api = await startApi(({ url }, response) =>
    json(response, [
      { id: 1, mail: 'ada@example.com', region: url.searchParams.get('region'), more: [1] },
      { id: 'x', mail: 'bob@example.com' },
    ]),
  );
  const { result } = await run(
    api.url,
    {
      extract: {
        query: { region: '${slice.region}' },
        slices: { name: 'region', values: ['west', 'east'], parallel: 2, on_empty: 'fail' },
      } as WrittenJob['extract'] & object,
      columns: [
        { name: 'id', from: ['id'], type: 'integer' },
        { name: 'mail', from: ['mail'], type: 'string', mask: { kind: 'redact' } },
        { name: 'region', from: ['region'], type: 'string' },
      ],
    },
    'east',
  );
  expect(api.requests).toHaveLength(1);
  expect(result.rows).toEqual([{ id: 1, mail: '***', region: 'east' }]);
  expect(result.quarantined).toEqual([{ reason: 'wrong_type', column: 'id', value: 'x', position: 2 }]);
  expect(result.unread).toEqual([{ field: 'more', kinds: ['list'], records: 1 }]);
  const text = show(result, undefined, 100);
  expect(text).not.toContain('example.com');
  expect(text).toContain('1 row: wrong_type in id');
});

test('an empty page is no failure', async () => {
  const api = await startApi((_, response) => json(response, []));
  const { result } = await run(api.url, {});
  expect(result.rows).toEqual([]);
  expect(show(result, undefined, 80)).toContain('0 records came, 0 would be published');
});

test('what a request ends with keeps its meaning, without the key', async () => {
  const api = await startApi(({ url }, response) => json(response, { echo: url.search }, 403));
  const error = await run(api.url, {}).catch((one: Error & { exit?: number }) => one);
  expect(error).toMatchObject({ exit: 78, message: expect.stringContaining('403') });
  expect(String((error as Error).message)).not.toContain(encodeURIComponent(KEY));
});

test('unread fields: nested, under a path that is read, by pointer, in records that differ', () => {
  const records = [
    { a: { b: 1, c: { d: null } }, e: 'x', 'k/y': 1, f: {} },
    { a: 2, e: 3n, f: [1] },
    'no object',
  ];
  expect(unreadFields(records, ['a.c', '/k~1y'])).toEqual([
    { field: 'a', kinds: ['number'], records: 1 },
    { field: 'a.b', kinds: ['number'], records: 1 },
    { field: 'e', kinds: ['text', 'number'], records: 2 },
    { field: 'f', kinds: ['object', 'list'], records: 2 },
  ]);
  expect(unreadFields([], ['a'])).toEqual([]);
});
