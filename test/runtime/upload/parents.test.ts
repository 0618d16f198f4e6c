import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { StepContext, Work } from '../../../src/runtime/context.ts';
import type { ExtractDetails, LandedPage } from '../../../src/runtime/receipt.ts';
import { upload } from '../../../src/runtime/steps/upload.ts';
import { openRig, PARTITION, receiptOf, rowsOf, runOne, uploaded, writeJob } from './rig.ts';

async function put(context: StepContext, name: string, text: string, records: number): Promise<LandedPage> {
  const bytes = gzipSync(text);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  await context.store.putIfAbsent(name, { bytes }, sha256);
  return { name, size: bytes.length, sha256, records };
}

/** Two parents, the first with two pages of children, the second with one. */
async function landChildren(context: StepContext): Promise<Work> {
  const parents = await put(
    context,
    'landing/parents.json.gz',
    '{"items":[{"id":9007199254740993,"shop":"a"},{"id":2,"shop":null}]}',
    2,
  );
  const pages = [
    { parent: [1, 1], ...(await put(context, 'landing/1.json.gz', '{"data":[{"line":1},{"line":2}]}', 2)) },
    { parent: [1, 1], ...(await put(context, 'landing/2.json.gz', '{"data":[{"line":3}]}', 1)) },
    { parent: [1, 2], ...(await put(context, 'landing/3.json.gz', '{"data":[{"line":1}]}', 1)) },
  ];
  const lines = pages.map((page) => `${JSON.stringify(page)}\n`).join('');
  const { records: _, ...list } = await put(context, 'landing/children.jsonl.gz', lines, 0);
  const details: ExtractDetails = {
    extracted_at: '2026-02-01T06:00:00.000Z',
    slices: [
      {
        value: null,
        pages: [],
        records: 4,
        for_each: { parents: [parents], children: { ...list, pages: 3, lists: 2 } },
        total: null,
      },
    ],
    records: 4,
    total: null,
  };
  const outcome = { status: 'done', message: '', details } as const;
  return {
    partition: PARTITION,
    previous: receiptOf(context, 'extract', PARTITION, outcome),
    requestsUsed: 0,
  };
}

test('columns take values of the parent, which are part of the key', async () => {
  const job = writeJob({
    extract: {
      source: { kind: 'http', base_url: 'http://127.0.0.1' },
      path: '/orders/${order.id}/items',
      records: 'data',
      for_each: { as: 'order', path: '/orders', records: 'items' },
    },
    columns: [
      { name: 'order_id', from: ['${order.id}'], type: 'integer', required: true },
      { name: 'shop', from: ['shop', '${order.shop}'] },
      { name: 'line', from: ['line'], type: 'integer' },
    ],
    key: { columns: ['order_id', 'line'] },
  });
  using rig = openRig(job);
  const outcome = await runOne(upload, rig.context, await landChildren(rig.context));
  const [file] = uploaded(outcome).files;
  const rows = file === undefined ? [] : await rowsOf(rig.context, file);
  expect(rows.map(({ order_id, shop, line }) => [order_id, shop, line])).toEqual([
    ['9007199254740993', 'a', '1'],
    ['9007199254740993', 'a', '2'],
    ['9007199254740993', 'a', '3'],
    ['2', null, '1'],
  ]);
  expect(rows[2]?._pipegen_source_file).toBe('landing/2.json.gz');
});
