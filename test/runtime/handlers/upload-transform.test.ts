import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readGraph } from '../../../src/handlers/module-graph.ts';
import { upload } from '../../../src/runtime/steps/upload.ts';
import type { ColumnType } from '../../../src/spec/column-type.ts';
import {
  type JobChanges,
  land,
  openRig,
  type Rig,
  rowsOf,
  runOne,
  uploaded,
  writeJob,
} from '../upload/rig.ts';

const page = (records: unknown[]) => JSON.stringify({ data: records });

/** A rig whose pipeline has this transform, as it stands in the project. */
function transforming(code: string, changes: JobChanges): Rig {
  const file = 'handlers/rows.ts';
  const { files } = readGraph(file, () => code);
  const rig = openRig(writeJob({ ...changes, transform: `${file}#rows`, handlers: files }));
  mkdirSync(join(rig.home, 'handlers'));
  writeFileSync(join(rig.home, file), code);
  return rig;
}

test('rows are typed and judged by their columns, and keep the place of their record', async () => {
  using rig = transforming(
    `export function* rows(order: { id: number; items: (number | string)[] }) {
      if (order.id === 3) throw new Error('no order 3');
      for (const amount of order.items) yield { id: order.id, amount, extra: 1 };
    }`,
    {
      columns: [
        { name: 'id', from: ['id'], type: 'integer' },
        { name: 'amount', from: ['amount'], type: 'integer', max: 100 },
      ],
      key: { columns: ['id', 'amount'], max_duplicates: '100%' },
    },
  );
  const work = await land(rig.context, {
    a: [
      page([
        { id: 1, items: [5, 6, 5] },
        { id: 2, items: [] },
      ]),
      page([{ id: 3, items: [1] }]),
    ],
    b: [page([{ id: 4, items: [7, 'x', 101] }])],
  });
  const outcome = await runOne(upload, rig.context, work);
  expect(outcome.rows).toMatchObject({
    received: 4,
    expanded: 4,
    published: 3,
    quarantined: 3,
    duplicates: 1,
    filtered: 1,
  });
  const { files, quarantine, reasons } = uploaded(outcome);
  const published = files[0] === undefined ? [] : await rowsOf(rig.context, files[0]);
  // Of two that are the same the last stays.
  expect(published.map(({ id, amount }) => [id, amount])).toEqual([
    ['1', '6'],
    ['1', '5'],
    ['4', '7'],
  ]);
  const aside = quarantine === null ? [] : await rowsOf(rig.context, quarantine);
  expect(aside.map(({ reason, column, value, position }) => [reason, column, value, position])).toEqual([
    ['handler_error', null, 'Error: no order 3', '1'],
    ['wrong_type', 'amount', 'x', '1'],
    ['above_max', 'amount', '101', '1'],
  ]);
  expect(JSON.parse(String(aside[0]?.record))).toEqual({ id: 3, items: [1] });
  expect(String(aside[0]?.page)).toMatch(/page-00002\.json\.gz$/);
  expect(reasons).toContainEqual({ reason: 'handler_error', column: null, rows: 1 });
  expect(rig.log.filter((line) => line.includes('is no column'))).toHaveLength(1);
});

test('a contract without bad rows fails by the handler’s message', async () => {
  using rig = transforming("export const rows = () => { throw new TypeError('broken'); };", {
    contract: { bad_rows: 'fail', max_bad_rows: '0%' },
  });
  const work = await land(rig.context, { a: [page([{ id: 1 }])] });
  await expect(runOne(upload, rig.context, work)).rejects.toMatchObject({
    exit: 65,
    message: expect.stringContaining('TypeError: broken'),
  });
});

test('neither record nor message of an error is kept where a column is masked', async () => {
  using rig = transforming(
    'export const rows = ({ name }: { name: string }) => { throw new Error(`who is ${name}?`); };',
    { columns: [{ name: 'name', from: ['name'], mask: { kind: 'redact' } }], load: undefined },
  );
  const work = await land(rig.context, { a: [page([{ name: 'Ada Lovelace' }])] });
  const { quarantine } = uploaded(await runOne(upload, rig.context, work));
  const aside = quarantine === null ? [] : await rowsOf(rig.context, quarantine);
  expect(aside).toHaveLength(1);
  expect(JSON.stringify(aside)).not.toContain('Ada');
});

/** Lands a page of two records in another form than the rig's JSON. */
async function landInstead(rig: Rig, bytes: Buffer) {
  const work = await land(rig.context, { a: [page([1, 2])] });
  const details = work.previous?.details as {
    slices: { pages: { name: string; size: number; sha256: string }[] }[];
  };
  const [landed] = details.slices[0]?.pages ?? [];
  if (landed === undefined) throw new Error('nothing landed');
  await rig.context.store.remove(landed.name);
  landed.sha256 = createHash('sha256').update(bytes).digest('hex');
  landed.size = bytes.length;
  await rig.context.store.putIfAbsent(landed.name, { bytes }, landed.sha256);
  return work;
}

test.each([
  ['csv', { kind: 'csv' }, 'id,name\n1,"one\ntwo"\n2,\n'],
  ['json_lines', { kind: 'json_lines' }, '{"id":"1","name":"one\\ntwo"}\n\n{"id":"2","name":null}'],
] as const)('reads pages of %s', async (_, format, text) => {
  const columns = [
    { name: 'id', from: ['id'], type: 'integer' as const },
    { name: 'name', from: ['name'] },
  ];
  using rig = transforming(
    'export const rows = ({ id, name }: Record<string, string | null>) => ({ id: Number(id) * 10, name });',
    {
      columns,
      extract: { source: { kind: 'http', base_url: 'http://127.0.0.1' }, path: '/a', format },
    },
  );
  const work = await landInstead(rig, gzipSync(text));
  const { files } = uploaded(await runOne(upload, rig.context, work));
  const published = files[0] === undefined ? [] : await rowsOf(rig.context, files[0]);
  expect(published.map(({ id, name }) => [id, name])).toEqual([
    ['10', 'one\ntwo'],
    ['20', null],
  ]);
});

test('a table that is not of its encoding is refused before a byte of it is lost', async () => {
  using rig = transforming('export const rows = (row: object) => row;', {
    columns: [{ name: 'id', from: ['id'] }],
    extract: { source: { kind: 'http', base_url: 'http://127.0.0.1' }, path: '/a', format: { kind: 'csv' } },
  });
  const work = await landInstead(rig, gzipSync(Buffer.from('id\nM\xfcnchen\nBonn\n', 'latin1')));
  await expect(runOne(upload, rig.context, work)).rejects.toMatchObject({
    exit: 65,
    message: expect.stringContaining(
      'page-00001.json.gz holds bytes that are not utf-8: set extract.format.encoding',
    ),
  });
});

test('every record and row is accounted for, whatever the transform returns', async () => {
  const record = fc.record({ rows: fc.constantFrom(-1, 0, 1, 1, 2, 5), key: fc.integer({ min: 0, max: 3 }) });
  const pages = fc.array(fc.array(record, { maxLength: 8 }), { minLength: 1, maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(pages, async (all) => {
      using rig = transforming(
        `export function* rows(record: { rows: number; key: number }) {
          if (record.rows < 0) throw new Error('bad');
          for (let n = 0; n < record.rows; n += 1) yield { id: n === 4 ? 'x' : n, key: record.key };
        }`,
        {
          columns: [
            { name: 'id', from: ['id'], type: 'integer' },
            { name: 'key', from: ['key'], type: 'integer' },
          ],
          key: { columns: ['id', 'key'], max_duplicates: '100%' },
          load: undefined,
        },
      );
      const { rows } = await runOne(upload, rig.context, await land(rig.context, { a: all.map(page) }));
      const records = all.flat();
      const sum = (count: (one: (typeof records)[number]) => number) =>
        records.reduce((total, one) => total + count(one), 0);
      const good = new Set(
        records.flatMap(({ rows: many, key }) =>
          Array.from({ length: Math.min(Math.max(many, 0), 4) }, (_, n) => `${n} ${key}`),
        ),
      );
      const quarantined = sum(({ rows: many }) => (many < 0 || many === 5 ? 1 : 0));
      const expanded = sum(({ rows: many }) => Math.max(0, many - 1));
      const filtered = sum(({ rows: many }) => (many === 0 ? 1 : 0));
      const duplicates = records.length + expanded - filtered - quarantined - good.size;
      expect({ expanded: 0, ...rows }).toMatchObject({
        received: records.length,
        expanded,
        published: good.size,
        quarantined,
        duplicates,
        filtered,
      });
    }),
    { numRuns: 8 },
  );
});

test('a row comes to the same whether its values are written as a list or by their names', async () => {
  const types = { s: 'string', i: 'integer', d: 'decimal(20,10)', j: 'json', day: 'date', l: 'list(string)' };
  const names = Object.keys(types);
  const plain = fc.oneof(
    fc.constantFrom(
      null,
      'UNDEFINED',
      'UNDEFINED',
      '\x7f',
      '',
      'null',
      '{"a":1}',
      '[1]',
      'ü€𝄞',
      'a"\\\\ud800',
    ),
    fc.constantFrom(true, 1, -0.5, 1e21, 0.1, '7', '1234567.1234567891', 1234567.123456789, '2026-01-31'),
  );
  // Such a row is no list.
  const any = fc.oneof(plain, fc.constantFrom<unknown>(['a', null], [], { k: [1] }));
  const seldom = (rare: fc.Arbitrary<unknown>, often: fc.Arbitrary<unknown>) =>
    fc.oneof({ weight: 1, arbitrary: rare }, { weight: 12, arbitrary: often });
  const record = fc.record(
    Object.fromEntries(
      Object.entries(types).map(([name, type]) => [
        name,
        /^(json|list)/.test(type) ? seldom(any, fc.constantFrom(null, 'UNDEFINED')) : seldom(any, plain),
      ]),
    ),
  );
  const nothing = Object.fromEntries(names.map((name) => [name, 'UNDEFINED']));
  await fc.assert(
    fc.asyncProperty(fc.array(record, { minLength: 20, maxLength: 60 }), async (records) => {
      // The first row says which fields, in which order, stand in lists: of the second transform no other row has them.
      const [lists, objects] = await Promise.all(
        [names, names.toReversed()].map(async (first) => {
          using rig = transforming(
            `const first = () => ({ ${first.map((name) => `${name}: null`).join(', ')} });
export const rows = (record: any) => 'first' in record ? first() : Object.fromEntries(
  Object.entries(record).map(([name, value]) => [name, value === 'UNDEFINED' ? undefined : value]));`,
            {
              columns: Object.entries(types).map(([name, type]) => ({
                name,
                from: [name],
                type: type as ColumnType,
              })),
              load: undefined,
            },
          );
          const work = await land(rig.context, { a: [page([{ first: true }]), page([nothing, ...records])] });
          const outcome = await runOne(upload, rig.context, work);
          const { files, quarantine } = uploaded(outcome);
          return {
            rows: outcome.rows,
            published: await Promise.all(files.map((file) => rowsOf(rig.context, file))),
            aside: quarantine === null ? [] : await rowsOf(rig.context, quarantine),
          };
        }),
      );
      expect(lists).toEqual(objects);
    }),
    { numRuns: 8 },
  );
});
