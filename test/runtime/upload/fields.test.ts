import { join } from 'node:path';
import { expect, test } from 'vitest';
import { load } from '../../../src/runtime/steps/load.ts';
import { columnName } from '../../../src/runtime/steps/upload/fields/new-columns.ts';
import { upload } from '../../../src/runtime/steps/upload.ts';
import {
  type Columns,
  type JobChanges,
  landRecords,
  openRig,
  query,
  type Rig,
  receiptOf,
  rowsOf,
  runOne,
  uploaded,
  writeJob,
} from './rig.ts';

const COLUMNS: Columns = [{ name: 'id', from: ['id'], type: 'integer' }];

/** One upload as a run of its own over the same store. */
async function run(rig: Rig, name: string, records: readonly unknown[], partition?: string) {
  const context = { ...rig.context, identity: { ...rig.context.identity, run: name } };
  const folder = `${name}-${partition}`;
  const work = await landRecords(
    context,
    records,
    partition === undefined ? { folder } : { folder, partition },
  );
  const outcome = await runOne(upload, context, work);
  return { context, outcome, fields: uploaded(outcome).fields, files: uploaded(outcome).files };
}

const open = (changes: JobChanges = {}) =>
  openRig(writeJob({ columns: COLUMNS, load: undefined, ...changes }));

test('new, vanished and retyped fields are reported with counts and a sample, against the last run', async () => {
  using rig = open();
  const first = await run(rig, 'one', [
    { id: 1, name: 'a', place: { city: 'B' }, note: null, live: { at: 1 } },
    { id: 2, name: 'b', place: { city: 'C' }, list: [1] },
  ]);
  expect(first.fields).toMatchObject({ compared_with: null, added: [], vanished: [], retyped: [] });
  expect(rig.log.join('')).not.toContain('fields_changed');
  const records = [
    { id: 'x1', place: { city: 5, zip: '10115' }, note: 'now a text', live: null, list: null },
    { id: 3, place: { city: 'D', zip: null }, note: null },
    5,
  ];
  const second = await run(rig, 'two', records);
  const expected = {
    pages: [1, 1],
    compared_with: 'one',
    added: [{ field: '/place/zip', kinds: ['text'], rows: 1, sample: '10115' }],
    vanished: ['/name'],
    retyped: [
      { field: '/id', kinds: ['number', 'text'], before: ['number'], rows: 2, sample: 'x1' },
      { field: '/place/city', kinds: ['number', 'text'], before: ['text'], rows: 2, sample: '5' },
    ],
    more: 0,
    without_column: [],
  };
  expect(second.fields).toEqual(expected);
  const warning = rig.log.map((line) => JSON.parse(line)).find(({ event }) => event === 'fields_changed');
  expect(warning).toMatchObject({ level: 40, vanished: ['/name'], partition: '2026-01-31' });

  // A retry, and another partition of the same run, are compared with the same run before.
  expect((await run(rig, 'two', records)).fields).toEqual(expected);
  expect((await run(rig, 'two', records, '2026-01-30')).fields).toEqual(expected);
  // What was seen once is not new when it comes again.
  const third = await run(rig, 'three', [
    { id: 1, name: 'back', place: { city: 'E', zip: 'x' }, live: { at: 2 } },
  ]);
  expect(third.fields).toMatchObject({ compared_with: 'two', added: [], retyped: [] });
});

test('new_fields: add makes a text column of each field that no column reads, and the table gets it', async () => {
  using rig = openRig(writeJob({ columns: COLUMNS, contract: { new_fields: 'add', max_bad_rows: '0%' } }));
  const first = await run(rig, 'one', [
    { id: 1, departure: { actualRunway: 'R1', list: [1, 'x'], empty: null, deep: {} }, Id: 'other' },
    { id: 2, departure: { actualRunway: 2.5 } },
  ]);
  expect(uploaded(first.outcome).columns).toEqual([
    { name: 'id', type: 'integer' },
    { name: 'departure_actual_runway', type: 'string' },
    { name: 'departure_list', type: 'string' },
  ]);
  expect(first.fields?.without_column).toEqual([{ field: '/Id', name: 'id' }]);
  await loadRun(rig, first);
  const second = await run(rig, 'two', [{ id: 3, departure: 'gone', 'Gate №': 'B1' }], '2026-02-01');
  await loadRun(rig, second, '2026-02-01');
  const rows = await query(
    join(rig.home, 'warehouse/test.duckdb'),
    'SELECT id, departure_actual_runway, departure_list, departure, gate_no FROM raw.flights ORDER BY id',
  );
  expect(rows.map((row) => Object.values(row))).toEqual([
    ['1', 'R1', '[1,"x"]', null, null],
    ['2', '2.5', null, null, null],
    ['3', null, null, 'gone', 'B1'],
  ]);
});

async function loadRun(
  rig: Rig,
  { context, outcome }: Awaited<ReturnType<typeof run>>,
  partition = '2026-01-31',
) {
  const previous = receiptOf(context, 'upload', partition, outcome);
  await runOne(load, { ...context, home: rig.home }, { partition, previous, requestsUsed: 0 });
}

test('new_fields: fail ends the run at a field that no earlier run had and no column reads', async () => {
  using rig = open({ contract: { new_fields: 'fail' } });
  await run(rig, 'one', [{ id: 1, known: 1 }]);
  const failed = run(rig, 'two', [
    { id: 2, known: 2 },
    { id: 3, fresh: { text: 'x' } },
  ]);
  await expect(failed).rejects.toMatchObject({
    exit: 65,
    message: expect.stringContaining('/fresh/text (text in 1 rows, such as "x")'),
  });
  // It fails again, until a column reads the field or a run may pass.
  await expect(run(rig, 'three', [{ id: 3, fresh: { text: 'x' } }])).rejects.toMatchObject({ exit: 65 });
  using open2 = openRig(
    writeJob({
      columns: [...COLUMNS, { name: 'fresh', from: ['fresh'], type: 'json' }],
      load: undefined,
      contract: { new_fields: 'fail' },
    }),
    {},
    rig.home,
  );
  expect((await run(open2, 'four', [{ id: 3, fresh: { text: 'x' } }])).outcome.status).toBe('done');
});

test('bad_rows: discard counts rows and keeps none of them', async () => {
  using rig = open({ contract: { bad_rows: 'discard', max_bad_rows: '50%' } });
  const { outcome, files } = await run(rig, 'one', [{ id: 'bad' }, { id: 1 }]);
  expect(outcome).toMatchObject({
    message: expect.stringContaining('published 1 of 2 rows of 2026-01-31, 1 discarded'),
    rows: { received: 2, published: 1, quarantined: 1 },
    details: { quarantine: null, reasons: [{ reason: 'wrong_type', column: 'id', rows: 1 }] },
  });
  expect(await rowsOf(rig.context, files[0] ?? { name: '' })).toHaveLength(1);
  await expect(run(rig, 'two', [{ id: 'bad' }, { id: 'bad' }, { id: 1 }])).rejects.toThrow(/None is kept/);
});

test.each([
  [['departure', 'actualRunway'], 'departure_actual_runway'],
  [['Unit Price (€)'], 'unit_price'],
  [['Größe'], 'gro_e'],
  [['2fa'], 'field_2fa'],
  [['__x__'], 'x'],
  [['日本'], 'field_'],
  [['a'.repeat(80)], 'a'.repeat(63)],
])('the column of %j is %s', (keys, name) => {
  expect(columnName(keys)).toBe(name);
});
