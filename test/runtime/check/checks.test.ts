import { expect, test } from 'vitest';
import { check } from '../../../src/runtime/steps/check.ts';
import { load } from '../../../src/runtime/steps/load.ts';
import type { WrittenJob } from '../../../src/spec/job.ts';
import { flightsJob, tableRows, uploaded, warehousePath } from '../load/rig.ts';
import { openRig, PARTITION, query, receiptOf, runOne } from '../upload/rig.ts';

type Checks = WrittenJob['checks'];

/** Ten rows: two without a note, three ids that repeat another, one row set aside for its day. */
const RECORDS = [
  ...[1, 1, 2, 3, 3].map((id) => ({ id, note: 'a' })),
  ...[3, null, null].map((id) => ({ id, note: 'b' })),
  ...[4, 5].map((id) => ({ id })),
  { id: 6, day: 'no day' },
];

const recorded = (home: string) =>
  query(
    warehousePath(home),
    'SELECT check_name, stage, severity, passed, measured, expected FROM raw._pipegen_checks ORDER BY ALL',
  );

async function gate(checks: Checks, total: number | null = null) {
  const rig = openRig(flightsJob({ checks }));
  const work = await uploaded(rig.context, RECORDS, { total });
  const run = await runOne(load, rig.context, work).then(
    (outcome) => ({ outcome, error: undefined }),
    (error) => ({ outcome: undefined, error }),
  );
  return { rig, ...run };
}

test.each([
  [{ row_count: { min: 10 } }, 'row_count', 10, 'at least 10', true],
  [{ row_count: { min: 11 } }, 'row_count', 10, 'at least 11', false],
  [{ row_count: { min: 1, max: 9 } }, 'row_count', 10, 'at least 1 and at most 9', false],
  [{ null_rate: { column: 'note', max: '20%' } }, 'null_rate(note)', 0.2, 'at most 20%', true],
  [{ null_rate: { column: 'note', max: '19.9%' } }, 'null_rate(note)', 0.2, 'at most 19.9%', false],
  [{ duplicate_rate: { columns: ['id'], max: '30%' } }, 'duplicate_rate(id)', 0.3, 'at most 30%', true],
  [{ duplicate_rate: { columns: ['id'] } }, 'duplicate_rate(id)', 0.3, 'at most 0%', false],
  [{ duplicate_rate: { columns: ['id', 'note'] } }, 'duplicate_rate(id, note)', 0.2, 'at most 0%', false],
  [{ duplicate_rate: { columns: ['id', 'day'] } }, 'duplicate_rate(id, day)', 0, 'at most 0%', true],
  [{ reconcile: {} }, 'reconcile', 1 / 12, "at most 0% off the API's total of 12", false],
  [{ reconcile: { tolerance: '9%' } }, 'reconcile', 1 / 12, "at most 9% off the API's total of 12", true],
] as const)('%j measures %s', async (one, name, measured, expected, passed) => {
  const { rig, outcome, error } = await gate([structuredClone(one) as Checks[number]], 12);
  using _ = rig;
  expect(await recorded(rig.home)).toEqual([
    {
      check_name: name,
      stage: 'gate',
      severity: 'error',
      passed,
      measured: expect.closeTo(measured),
      expected,
    },
  ]);
  if (passed) {
    expect(outcome?.details).toMatchObject({ checks: [{ name, passed, expected, when: 'gate' }] });
    return;
  }
  expect(error.exit).toBe(65);
  expect(error.message).toContain(
    `check ${name} failed: measured ${Number(measured.toPrecision(6))}, expected`,
  );
  expect(await tableRows(rig.home)).toEqual([]);
});

test('a failed gate leaves the partition as it was', async () => {
  using rig = openRig(flightsJob({ checks: [{ row_count: { min: 2 } }] }));
  await runOne(load, rig.context, await uploaded(rig.context, [{ id: 1 }, { id: 2 }]));
  await expect(
    runOne(load, rig.context, await uploaded(rig.context, [{ id: 3 }], { hour: 7 })),
  ).rejects.toThrow('check row_count failed: measured 1, expected at least 2. raw.flights was not changed');
  expect((await tableRows(rig.home)).map((row) => row.id)).toEqual(['1', '2']);
});

test('a warning is recorded and fails nothing', async () => {
  const { rig, outcome } = await gate([{ row_count: { min: 99 }, severity: 'warning' }]);
  using _ = rig;
  expect(outcome?.details).toMatchObject({ checks: [{ passed: false, severity: 'warning' }] });
  expect(await recorded(rig.home)).toMatchObject([{ passed: false, severity: 'warning' }]);
});

test('the same check twice has two names', async () => {
  const { rig } = await gate([
    { null_rate: { column: 'note', max: '10%' }, severity: 'warning' },
    { null_rate: { column: 'note', max: '90%' } },
  ]);
  using _ = rig;
  expect((await recorded(rig.home)).map((row) => row.check_name)).toEqual([
    'null_rate(note)',
    'null_rate(note)#2',
  ]);
});

test.each([
  [{ reconcile: {} }, /named no total.*extract\.paginate\.total/],
  [{ null_rate: { column: 'nothing', max: '1%' } }, /names the column "nothing"/],
] as const)('%j can not be judged: a configuration error', async (one, message) => {
  const { rig, error } = await gate([structuredClone(one) as Checks[number]], null);
  using _ = rig;
  expect(error).toMatchObject({ exit: 78, message: expect.stringMatching(message) });
});

/** Loads and then runs the check step, once `between` has had its way with the table. */
async function afterLoad(checks: Checks, between?: string) {
  const rig = openRig(flightsJob({ checks }));
  const outcome = await runOne(load, rig.context, await uploaded(rig.context, RECORDS, { total: 11 }));
  if (between !== undefined) await query(warehousePath(rig.home), between);
  const previous = receiptOf(rig.context, 'load', PARTITION, outcome);
  return { rig, run: () => runOne(check, rig.context, { partition: PARTITION, previous, requestsUsed: 0 }) };
}

test('after the load the table is looked at again; a repeat replaces what it recorded', async () => {
  const { rig, run } = await afterLoad([
    { null_rate: { column: 'note', max: '50%' }, when: 'after_load' },
    { reconcile: {}, when: 'after_load' },
  ]);
  using _ = rig;
  const names = ['rows_as_loaded', 'null_rate(note)', 'reconcile'];
  for (let time = 0; time < 2; time++) {
    const outcome = await run();
    expect(outcome.message).toBe('3 of 3 checks of 2026-01-31 in raw.flights passed');
    expect((outcome.details as { checks: { name: string }[] }).checks.map((one) => one.name)).toEqual(names);
  }
  expect((await recorded(rig.home)).map((row) => row.check_name)).toEqual([...names].sort());
});

test('rows that vanished after the load are found without any check in the spec', async () => {
  const { rig, run } = await afterLoad([], 'DELETE FROM raw.flights WHERE id = 5');
  using _ = rig;
  await expect(run()).rejects.toMatchObject({
    exit: 65,
    message: expect.stringContaining('check rows_as_loaded failed: measured 9, expected exactly 10'),
  });
  expect(await recorded(rig.home)).toMatchObject([{ check_name: 'rows_as_loaded', passed: false }]);
});

test('a check that can not run is temporary, not bad data', async () => {
  const { rig, run } = await afterLoad([], 'DROP TABLE raw.flights');
  using _ = rig;
  await expect(run()).rejects.toMatchObject({ exit: 75, message: expect.stringContaining('could not run') });
});

test('a check that a gate failed is in the receipt of the step, with rows that offend', async () => {
  const checks: Checks = [{ row_count: { min: 1 } }, { null_rate: { column: 'note', max: '1%' } }];
  using rig = openRig(flightsJob({ checks }));
  const work = await uploaded(rig.context, RECORDS);
  const kept: unknown[] = [];
  const report = {
    finish: async () => undefined,
    spent: () => undefined,
    keep: (partition: string, details: unknown) => void kept.push([partition, details]),
  };
  await expect(load(rig.context, [work], report)).rejects.toThrow('such as the row with note null');
  const failed = { name: 'null_rate(note)', passed: false, sample: [{ note: null }, { note: null }] };
  expect(kept).toMatchObject([[PARTITION, { checks: [{ name: 'row_count', passed: true }, failed] }]]);
});

test('masked values are masked in what is shown of the rows, and dropped ones are nowhere', async () => {
  const columns = [
    { name: 'id', from: ['id'], type: 'integer' },
    { name: 'name', from: ['name'], mask: { kind: 'redact' } as const },
    { name: 'passport', from: ['passport'], mask: { kind: 'drop' } as const },
  ];
  const checks: Checks = [
    { sql: { name: 'none', condition: "name is null and 'passport' is null" } },
    { sql: { name: 'all', query: 'select * from partition_rows' } },
  ];
  using rig = openRig(flightsJob({ columns, checks }));
  const work = await uploaded(rig.context, [{ id: 1, name: 'Grace Hopper', passport: 'C01X00T47' }]);
  const error: Error = await runOne(load, rig.context, work).then(
    () => new Error('passed'),
    (one) => one,
  );
  expect(error.message).toContain('name ***');
  const said = error.message + rig.log.join('');
  expect(said).not.toMatch(/Grace|Hopper|C01X00T47/);
});

test('what a gate found stays recorded when the load fails after it', async () => {
  const table =
    'CREATE TABLE raw.flights AS SELECT * FROM raw.flights_old WHERE false; CREATE UNIQUE INDEX one ON raw.flights (_pipegen_partition)';
  using rig = openRig(flightsJob({ checks: [{ row_count: { min: 1 } }] }));
  await runOne(load, rig.context, await uploaded(rig.context, [{ id: 1 }]));
  await query(warehousePath(rig.home), `ALTER TABLE raw.flights RENAME TO flights_old; ${table}`);
  const work = await uploaded(rig.context, [{ id: 2 }, { id: 3 }], { hour: 8 });
  await expect(runOne(load, rig.context, work)).rejects.toThrow(/constraint violation/);
  expect(await recorded(rig.home)).toMatchObject([{ check_name: 'row_count', passed: true, measured: 2 }]);
});

test('rows of a merge lie among others: they are not counted, and the checks of its author run', async () => {
  const checks: Checks = [
    { row_count: { min: 1 }, when: 'after_load' },
    { reconcile: {}, when: 'after_load' },
  ];
  const key = { columns: ['id'], keep: 'last' as const, max_duplicates: '0%' };
  const job = flightsJob({ checks, key, load: { table: 'flights', mode: 'merge', newest_by: 'day' } });
  using rig = openRig(job);
  const rows = [{ id: 1 }, { id: 2 }];
  const outcome = await runOne(load, rig.context, await uploaded(rig.context, rows, { total: 2 }));
  const previous = receiptOf(rig.context, 'load', PARTITION, outcome);
  // Both keys go over to the next day, whose load is newer.
  await runOne(
    load,
    rig.context,
    await uploaded(rig.context, rows, { partition: '2026-02-01', hour: 9, total: 2 }),
  );
  const run = runOne(check, rig.context, { partition: PARTITION, previous, requestsUsed: 0 });
  await expect(run).rejects.toThrow('check row_count failed: measured 0');
  expect(await recorded(rig.home)).toMatchObject([
    { check_name: 'reconcile', passed: true, measured: 0 },
    { check_name: 'row_count', passed: false, measured: 0 },
  ]);
});

test('a table that was replaced by another partition since is not called bad', async () => {
  using rig = openRig(flightsJob({ load: { table: 'flights', mode: 'replace' } }));
  const outcome = await runOne(load, rig.context, await uploaded(rig.context, [{ id: 1 }]));
  const work = {
    partition: PARTITION,
    previous: receiptOf(rig.context, 'load', PARTITION, outcome),
    requestsUsed: 0,
  };
  expect(await runOne(check, rig.context, work)).toMatchObject({ status: 'done' });
  await runOne(
    load,
    rig.context,
    await uploaded(rig.context, [{ id: 2 }], { partition: '2026-02-01', hour: 9 }),
  );
  await expect(runOne(check, rig.context, work)).rejects.toMatchObject({
    exit: 78,
    message: 'raw.flights was replaced by 2026-02-01 since 2026-01-31 was loaded: check that one',
  });
});
