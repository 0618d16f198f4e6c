import { expect, test } from 'vitest';
import type { StepContext } from '../../../src/runtime/context.ts';
import type { WarehouseColumn } from '../../../src/runtime/ports/warehouse.ts';
import { check } from '../../../src/runtime/steps/check.ts';
import { load } from '../../../src/runtime/steps/load.ts';
import { upload } from '../../../src/runtime/steps/upload.ts';
import { CHECK_COLUMNS, LOAD_COLUMNS, OWN_COLUMNS } from '../../../src/warehouse-tables/own-tables.ts';
import {
  type Columns,
  land,
  openRig as openSteps,
  PARTITION,
  receiptOf,
  runOne,
  writeJob,
} from '../upload/rig.ts';
import { openReader } from './reader.ts';
import { onDuckdb, openSnowflakeRig } from './rig.ts';

const FLIGHTS = 50_000;
const PAGE = 5_000;

const COLUMNS: Columns = [
  { name: 'id', from: ['id'], type: 'integer' },
  { name: 'flight', from: ['flight.iata', 'flight.number'] },
  { name: 'flight_date', from: ['flight_date'], type: 'date' },
  { name: 'departs', from: ['departure.scheduled'], type: 'local_timestamp' },
  { name: 'seen', from: ['seen'], type: 'timestamp' },
  { name: 'boarding', from: ['boarding'], type: 'time' },
  { name: 'delay', from: ['departure.delay'], type: 'integer' },
  { name: 'fare', from: ['fare'], type: 'decimal(12,4)' },
  { name: 'distance', from: ['distance'], type: 'double' },
  { name: 'codeshared', from: ['codeshared'], type: 'boolean' },
  { name: 'airline', from: ['airline'], type: 'json' },
  { name: 'gates', from: ['gates'], type: 'list(string)' },
];

/** Every value follows from the number, so that a row in the wrong place or with another's value is found. */
function flight(id: number) {
  const two = (value: number) => String(value).padStart(2, '0');
  const clock = `${two(id % 24)}:${two(id % 60)}:${two((id * 7) % 60)}`;
  return {
    id,
    flight: id % 11 === 0 ? { number: `${id}` } : { iata: `LH${id}`, number: `${id}` },
    flight_date: PARTITION,
    departure: { scheduled: `${PARTITION}T${clock}+00:00`, delay: id % 3 === 0 ? null : id % 300 },
    seen: `${PARTITION}T${clock}.${String((id * 37) % 1_000_000).padStart(6, '0')}Z`,
    boarding: clock,
    fare: `${id % 1000}.${String(id % 10_000).padStart(4, '0')}`,
    distance: id / 7,
    codeshared: id % 5 === 0 ? null : id % 2 === 0,
    airline: id % 13 === 0 ? null : { name: `it's "${id}" – 漢字 \\`, codes: [id, null] },
    gates: id % 4 === 0 ? [] : [`A${id % 90}`, null, `'; DROP ${id}`],
  };
}

test(`${FLIGHTS} flights loaded by the steps into both warehouses are the same rows in every table`, async () => {
  await using site = await openSnowflakeRig('external');
  const job = writeJob({
    columns: COLUMNS,
    key: { columns: ['id'] },
    load: { table: 'flights', partition_column: 'flight_date' },
    checks: [
      { row_count: { min: 1 } },
      { null_rate: { column: 'delay', max: '50%' } },
      { duplicate_rate: { columns: ['id'], max: '0%' } },
      { null_rate: { column: 'codeshared', max: '30%' }, when: 'after_load' },
    ],
  });
  using steps = openSteps(job, { store: site.store });
  const { context } = steps;
  const pages = Array.from({ length: FLIGHTS / PAGE }, (_, page) =>
    JSON.stringify({ data: Array.from({ length: PAGE }, (_, row) => flight(page * PAGE + row)) }),
  );
  const uploaded = await runOne(upload, context, await land(context, { all: pages }));
  const previous = receiptOf(context, 'upload', PARTITION, uploaded);
  const work = { partition: PARTITION, previous, requestsUsed: 0 };

  const both: StepContext[] = [context, { ...context, job: { ...job, warehouse: site.options.warehouse } }];
  for (const one of both) {
    const outcome = await runOne(load, one, work);
    expect(outcome).toMatchObject({ rows: { loaded: FLIGHTS } });
    const after = { ...work, previous: receiptOf(one, 'load', PARTITION, outcome) };
    expect(await runOne(check, one, after)).toMatchObject({ status: 'done' });
  }

  const duckdb = openReader('duckdb', (sql) =>
    onDuckdb(`${steps.home}/warehouse/test.duckdb`, (run) => run(sql)),
  );
  const own = (columns: typeof OWN_COLUMNS, ...apart: string[]): WarehouseColumn[] =>
    columns
      .filter(([name]) => !apart.includes(name))
      .map(([name, type]) => ({ name, type: type === 'text' ? 'string' : type }));
  const tables: [string, WarehouseColumn[], number][] = [
    [
      'flights',
      [...(job.columns ?? []), ...own(OWN_COLUMNS, '_pipegen_load_id', '_pipegen_loaded_at')],
      FLIGHTS,
    ],
    ['_pipegen_loads', own(LOAD_COLUMNS, 'load_id', 'committed_at'), 1],
    ['_pipegen_checks', own(CHECK_COLUMNS, 'checked_at'), 5],
  ];
  for (const [table, columns, count] of tables) {
    const [one, other] = [await duckdb(`raw.${table}`, columns), await site.rows(table, columns)];
    expect([table, one.length, other.length]).toEqual([table, count, count]);
    // Compared whole; a difference is shown by its first rows only.
    const different = one.flatMap((row, index) =>
      JSON.stringify(row) === JSON.stringify(other[index]) ? [] : [[row, other[index]]],
    );
    expect([table, different.slice(0, 3)]).toEqual([table, []]);
  }

  // What was compared is what the records said.
  const id = 12_346;
  const [found] = await onDuckdb(`${steps.home}/warehouse/test.duckdb`, (run) =>
    run(`SELECT id, flight, CAST(fare AS VARCHAR) AS fare FROM raw.flights WHERE id = ${id}`),
  );
  const { fare, flight: name } = flight(id);
  expect(found).toEqual({ id: String(id), flight: name.iata ?? name.number, fare });
});
