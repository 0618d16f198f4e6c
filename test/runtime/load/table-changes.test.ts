import { expect, test } from 'vitest';
import { type Columns, openRig, query } from '../upload/rig.ts';
import { flightsJob, loaded, tableRows, uploaded, warehousePath } from './rig.ts';

const ID: Columns = [{ name: 'id', from: ['id'], type: 'integer' }];

test('a new column is added; rows from before have null in it', async () => {
  using rig = openRig(flightsJob({ columns: ID }));
  await loaded(rig.context, await uploaded(rig.context, [{ id: 1 }], { partition: '2026-01-30' }));
  using wider = openRig(flightsJob({ columns: [...ID, { name: 'note', from: ['note'] }] }), {}, rig.home);
  await loaded(wider.context, await uploaded(wider.context, [{ id: 2, note: 'x' }]));
  expect(await tableRows(rig.home)).toEqual([
    { partition: '2026-01-30', id: '1', note: null },
    { partition: '2026-01-31', id: '2', note: 'x' },
  ]);
});

test('a column that is declared no longer stays, and is null from then on', async () => {
  using rig = openRig(flightsJob({ columns: [...ID, { name: 'note', from: ['note'] }] }));
  await loaded(rig.context, await uploaded(rig.context, [{ id: 1, note: 'x' }], { partition: '2026-01-30' }));
  using narrower = openRig(flightsJob({ columns: ID }), {}, rig.home);
  await loaded(narrower.context, await uploaded(narrower.context, [{ id: 2 }]));
  expect((await tableRows(rig.home)).map((row) => row.note)).toEqual(['x', null]);
});

test.each([
  ['integer', 'bigint', '9223372036854775807'],
  ['integer', 'decimal(21,2)', '-9223372036854775808'],
  ['decimal(10,2)', 'decimal(14,2)', '12345678.25'],
  ['decimal(10,2)', 'decimal(14,4)', '12345678.25'],
])('a column of %s becomes %s with every value kept', async (from, to, value) => {
  using rig = openRig(flightsJob({ columns: [{ name: 'id', from: ['id'], type: from }] }));
  await loaded(rig.context, await uploaded(rig.context, [{ id: value }], { partition: '2026-01-30' }));
  using wider = openRig(flightsJob({ columns: [{ name: 'id', from: ['id'], type: to }] }), {}, rig.home);
  await loaded(wider.context, await uploaded(wider.context, [{ id: value }]));
  const rows = await query(warehousePath(rig.home), 'SELECT id, typeof(id) AS type FROM raw.flights');
  const [type] = new Set(rows.map((row) => row.type));
  expect(rows.map((row) => [row.type, String(row.id).replace(/[.]?0+$/, '')])).toEqual([
    [type, value],
    [type, value],
  ]);
});

test.each([
  ['decimal(14,4)', 'decimal(14,2)'],
  ['decimal(14,2)', 'decimal(14,4)'],
  ['integer', 'decimal(20,2)'],
  ['bigint', 'integer'],
  ['double', 'decimal(38,10)'],
  ['integer', 'string'],
])('a column of %s does not become %s by itself', async (from, to) => {
  using rig = openRig(flightsJob({ columns: [{ name: 'id', from: ['id'], type: from }] }));
  await loaded(rig.context, await uploaded(rig.context, [{ id: 1 }], { partition: '2026-01-30' }));
  using other = openRig(
    flightsJob({
      columns: [
        { name: 'id', from: ['id'], type: to },
        { name: 'note', from: ['note'] },
      ],
    }),
    {},
    rig.home,
  );
  await expect(loaded(other.context, await uploaded(other.context, [{ id: 1 }]))).rejects.toMatchObject({
    exit: 78,
  });
  // The new column that came with it was not added either.
  const columns = await query(
    warehousePath(rig.home),
    "SELECT column_name AS name FROM duckdb_columns() WHERE table_name = 'flights' AND column_name = 'note'",
  );
  expect(columns).toEqual([]);
});

test('a changed type is refused with the SQL that changes it, and that SQL works', async () => {
  using rig = openRig(flightsJob({ columns: [{ name: 'id', from: ['id'] }] }));
  await loaded(rig.context, await uploaded(rig.context, [{ id: '1' }], { partition: '2026-01-30' }));
  using changed = openRig(flightsJob({ columns: ID }), {}, rig.home);
  const work = await uploaded(changed.context, [{ id: 2 }]);
  const error = (await loaded(changed.context, work).catch((one: unknown) => one)) as Error & {
    exit: number;
  };
  expect(error.exit).toBe(78);
  expect(error.message).toContain('id is VARCHAR and should be BIGINT');
  await query(warehousePath(rig.home), /ALTER TABLE .*;/.exec(error.message)?.[0] ?? '');
  await loaded(changed.context, work);
  expect((await tableRows(rig.home, 'id')).map((row) => row.id)).toEqual(['1', '2']);
});

test('a table that pipegen did not make is left alone', async () => {
  using rig = openRig(flightsJob({ columns: ID }));
  await loaded(rig.context, await uploaded(rig.context, [{ id: 1 }]));
  await query(warehousePath(rig.home), 'CREATE TABLE raw.sales (id BIGINT)');
  await query(warehousePath(rig.home), 'INSERT INTO raw.sales VALUES (7)');
  using other = openRig(flightsJob({ columns: ID, load: { table: 'sales' } }), {}, rig.home);
  await expect(loaded(other.context, await uploaded(other.context, [{ id: 1 }]))).rejects.toMatchObject({
    exit: 78,
    message: expect.stringContaining('was not made by pipegen'),
  });
  expect(await query(warehousePath(rig.home), 'SELECT * FROM raw.sales')).toEqual([{ id: '7' }]);
});
