import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { upload } from '../../../src/runtime/steps/upload.ts';
import {
  type Columns,
  type JobChanges,
  land,
  landRecords,
  openRig,
  PARTITION,
  rowsOf,
  runOne,
  uploaded,
  writeJob,
} from './rig.ts';

/** `reason column value` of each row set aside, in order. */
async function setAside(columns: Columns, records: readonly unknown[], changes: JobChanges = {}) {
  using rig = openRig(writeJob({ columns, ...changes }));
  const outcome = await runOne(upload, rig.context, await landRecords(rig.context, records));
  const { quarantine, reasons } = uploaded(outcome);
  const rows = quarantine === null ? [] : await rowsOf(rig.context, quarantine);
  return { rows: rows.map((row) => [row.reason, row.column, row.value]), reasons, outcome };
}

test('a row is set aside for the first rule that it breaks, in the order of the columns', async () => {
  const columns: Columns = [
    { name: 'id', from: ['id'], required: true },
    { name: 'status', from: ['s'], accepted: ['on', "o'ff"] },
    { name: 'delay', from: ['d'], type: 'integer', min: 0, max: 10.5 },
    { name: 'share', from: ['x'], type: 'double', min: 0.25, max: 0.75 },
  ];
  const good = { id: '1', s: 'on', d: 10, x: 0.5 };
  const { rows, reasons, outcome } = await setAside(columns, [
    good,
    { ...good, id: null, s: 'bad' },
    { ...good, s: 'off' },
    { ...good, s: "o'ff" },
    { ...good, d: -1 },
    { ...good, d: 11, x: 2 },
    { ...good, x: 0.2 },
    { ...good, x: 0.8 },
    { ...good, x: 0.25, s: null, d: null },
    { ...good, id: { a: 1 } },
  ]);
  expect(rows).toEqual([
    ['missing', 'id', null],
    ['not_accepted', 'status', 'off'],
    ['below_min', 'delay', '-1'],
    ['above_max', 'delay', '11'],
    ['below_min', 'share', '0.2'],
    ['above_max', 'share', '0.8'],
    ['wrong_type', 'id', '{"a":1}'],
  ]);
  expect(reasons).toContainEqual({ reason: 'above_max', column: 'delay', rows: 1 });
  expect(outcome.rows).toEqual({ received: 10, published: 3, quarantined: 7, duplicates: 0, filtered: 0 });
});

test('what is no object is set aside whole', async () => {
  const { rows } = await setAside([{ name: 'id', from: ['id'] }], [{ id: 1 }, 5, 'text', null, [1]]);
  expect(rows).toEqual(['5', '"text"', 'null', '[1]'].map((value) => ['wrong_type', null, value]));
});

test.each([
  ['date', '2026-01-31', '2026-02-01'],
  ['string', '2026-01-31', '31.01.2026'],
  ['local_timestamp', '2026-01-31T23:59:00+00:00', '2026-02-01T00:00:00+00:00'],
  ['timestamp', '2026-01-30T23:30:00Z', '2026-01-31T23:30:00Z'],
] as const)('a row of another day by a %s is outside its partition', async (type, inside, outside) => {
  const { rows } = await setAside(
    [{ name: 'day', from: ['day'], type }],
    [{ day: inside }, { day: outside }, {}],
    { timezone: 'Europe/Berlin', load: { table: 'flights', partition_column: 'day' } },
  );
  expect(rows).toEqual([
    ['outside_partition', 'day', outside],
    ['outside_partition', 'day', null],
  ]);
});

test('quarantine says where a row is from and holds it whole', async () => {
  using rig = openRig(writeJob({ columns: [{ name: 'id', from: ['id'], type: 'integer' }] }));
  const pages = [`{"data":[{"id":1}]}`, `{"data":[{"id":2},{"id":"x'y","n":9007199254740993}]}`];
  const outcome = await runOne(upload, rig.context, await land(rig.context, { 'A/B é': pages }));
  const { quarantine } = uploaded(outcome);
  const [row] = quarantine === null ? [] : await rowsOf(rig.context, quarantine);
  expect(row).toMatchObject({
    value: "x'y",
    position: '2',
    partition: PARTITION,
    record: `{"id":"x'y","n":9007199254740993}`,
  });
  expect(row?.page).toMatch(/^landing\/flights\/2026-01-31\/.*\/slice-A%2FB%20%C3%A9\/page-00002\.json\.gz$/);
});

test('the first of several paths that is not null counts; null_if is null on each', async () => {
  const columns: Columns = [
    { name: 'flight', from: ['flight.iata', 'flight.icao', 'number'], null_if: ['empty', '-'] },
    { name: 'number', from: ['number'], type: 'integer', null_if: ['-1'] },
  ];
  using rig = openRig(writeJob({ columns }));
  const records = [
    { flight: { iata: 'LH1', icao: 'DLH1' } },
    { flight: { iata: null, icao: 'DLH2' } },
    { flight: { iata: 'empty', icao: '-' }, number: 3 },
    { flight: null, number: -1 },
    { flight: { iata: '' } },
  ];
  const outcome = await runOne(upload, rig.context, await landRecords(rig.context, records));
  const [file] = uploaded(outcome).files;
  const rows = file === undefined ? [] : await rowsOf(rig.context, file);
  expect(rows.map((row) => [row.flight, row.number])).toEqual([
    ['LH1', null],
    ['DLH2', null],
    ['3', '3'],
    ['-1', null],
    ['', null],
  ]);
});

test('keys of records and names of columns may be anything', async () => {
  const columns: Columns = ['position', 'select', 'page', 'text_0', 'name'].map((name, index) => ({
    name,
    from: [['*', 'o\'q"u.a/b~c', '$', 'é', 'list.1'][index] ?? ''],
  }));
  using rig = openRig(writeJob({ columns }));
  const record = { '*': 1, 'o\'q"u': { 'a/b~c': 2 }, $: 3, é: 4, list: ['no', 5], other: 6 };
  const outcome = await runOne(upload, rig.context, await landRecords(rig.context, [record]));
  const [file] = uploaded(outcome).files;
  const [row] = file === undefined ? [] : await rowsOf(rig.context, file);
  expect(row).toMatchObject({ position: '1', select: '2', page: '3', text_0: '4', name: '5' });
});

test('null and empty text have different hashes, the same row has the same', async () => {
  const columns: Columns = ['a', 'b'].map((name) => ({ name, from: [name] }));
  using rig = openRig(writeJob({ columns }));
  const records = [{ a: '' }, { a: null }, { b: '' }, { a: '', b: null }, { a: 'null' }];
  const outcome = await runOne(upload, rig.context, await landRecords(rig.context, records));
  const [file] = uploaded(outcome).files;
  const hashes = (file === undefined ? [] : await rowsOf(rig.context, file)).map(
    (row) => row._pipegen_row_hash,
  );
  expect(new Set(hashes).size).toBe(4);
  expect(hashes[0]).toBe(hashes[3]);
});

test.each([
  [{ accepted: ['1', 'x'] }, /accepted value "x" is not of type integer/],
  [{ type: 'string', min: 1 }, /min and max are for numbers, dates and times, not for string/],
] as const)('a rule that could never hold is a configuration error: %j', async (rule, message) => {
  const columns = [{ name: 'n', from: ['n'], type: 'integer', ...rule }] as Columns;
  await expect(setAside(columns, [{ n: 1 }])).rejects.toMatchObject({
    exit: 78,
    message: expect.stringMatching(message),
  });
});

test('a page that was changed after it was landed is not read', async () => {
  using rig = openRig(writeJob());
  const work = await landRecords(rig.context, [{ id: 1 }]);
  const details = work.previous?.details as { slices: { pages: { name: string }[] }[] };
  const name = details.slices[0]?.pages[0]?.name ?? '';
  const path = join(rig.home, 'lake', name);
  const bytes = await readFile(path);
  bytes[bytes.length - 9] = (bytes[bytes.length - 9] ?? 0) ^ 1;
  await writeFile(path, bytes);
  await expect(runOne(upload, rig.context, work)).rejects.toMatchObject({
    exit: 70,
    message: expect.stringContaining(name),
  });
});

test('a page with fewer records than its receipt says is a defect, not fewer rows', async () => {
  using rig = openRig(writeJob());
  const work = await landRecords(rig.context, [{ id: 1 }]);
  const details = work.previous?.details as { slices: { pages: { records: number }[] }[] };
  const page = details.slices[0]?.pages[0];
  if (page !== undefined) page.records = 2;
  await expect(runOne(upload, rig.context, work)).rejects.toMatchObject({
    exit: 70,
    message: expect.stringContaining('holds 1 records and its receipt says 2'),
  });
});
