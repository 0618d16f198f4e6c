import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { check as schema } from '../../../src/spec/check.ts';
import { type Bench, type Checks, KINDS, openBench } from './bench.ts';
import { CONDITIONS, expected, type Record } from './reference.ts';

const PLACES = ['FRA', 'JFK'];
/** Tables, and checks of each: a table costs more than a check. */
const TABLES = { duckdb: 12, snowflake: 4 };
const CHECKS = 15;

const orNull = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: null, freq: 3 });
const record: fc.Arbitrary<Record> = fc.record({
  id: orNull(fc.integer({ min: 0, max: 5 })),
  status: orNull(fc.constantFrom('', 'null', "it's", 'Ä"\\')),
  delay: orNull(fc.integer({ min: 8, max: 12 })),
  place: orNull(fc.constantFrom('FRA', 'JFK', 'fra', 'QQQ')),
  seen: orNull(
    fc.integer({ min: Date.parse('2026-01-30T00:00:00Z'), max: Date.parse('2026-02-01T01:00:00Z') }),
  ),
});

const sql = fc.constantFrom(...Object.keys(CONDITIONS));
const max = fc.integer({ min: 0, max: 99 }).map((share) => `${share}%`);
const column = fc.constantFrom('id', 'status', 'delay', 'place', 'seen');
const columns = fc.uniqueArray(column, { minLength: 1, maxLength: 3 });
const bounds = fc.record({ min: fc.nat(20), max: fc.integer({ min: 20, max: 40 }) });
const kind = fc.oneof(
  fc.record({ row_count: bounds }),
  fc.record({ null_rate: fc.record({ column, max }) }),
  fc.record({ duplicate_rate: fc.record({ columns, max }) }),
  fc.record({
    freshness: fc.record({
      column: fc.constant('seen'),
      max: fc.integer({ min: 1, max: 48 }).map((hours) => `${hours}h`),
    }),
  }),
  fc.record({
    referential: fc.record({
      columns: fc.constant<string[]>(['place']),
      table: fc.constant('places'),
      references: fc.constant<string[]>(['code']),
      max,
    }),
  }),
  fc.record({ sql: fc.record({ name: fc.constant('one'), condition: sql, max }) }),
);
const query: fc.Arbitrary<Checks[number]> = fc.record({
  sql: fc.record({
    name: fc.constant('one'),
    query: sql.map((condition) => `select * from partition_rows where ${condition}`),
    max_rows: fc.nat(10),
  }),
});
const check = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .tuple(kind, fc.option(sql, { nil: undefined }))
      .map(([one, where]): Checks[number] => ({ ...one, where })),
  },
  { weight: 1, arbitrary: query },
);

const text = (row: Record) => ({
  ...{ id: row.id === null ? null : String(row.id), status: row.status, place: row.place },
  delay: row.delay === null ? null : String(row.delay),
  seen: row.seen === null ? null : new Date(row.seen).toISOString().replace('T', ' ').replace('Z', ''),
});

describe.each(KINDS)('on %s', (warehouse) => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await openBench(warehouse);
    await bench.fill(
      'places',
      PLACES.map((code) => ({ code })),
      { columns: [{ name: 'code', type: 'string' }] },
    );
  }, 120_000);
  afterAll(() => bench?.[Symbol.asyncDispose]());

  test('every check of every table is what plain counting says', async () => {
    const lists = fc.tuple(
      fc.array(record, { maxLength: 30 }),
      fc.array(check, { minLength: CHECKS, maxLength: CHECKS }),
    );
    const property = fc.asyncProperty(lists, async ([rows, checks]) => {
      await bench.fill('flights', rows.map(text));
      const results = await bench.check(checks);
      const wanted = checks.map((one) => expected(schema.parse(one), rows, PLACES));
      expect(results.map(({ measured, passed }) => ({ measured, passed }))).toEqual(
        wanted.map((one) => ({
          ...one,
          measured: one.measured === null ? null : expect.closeTo(one.measured, 9),
        })),
      );
    });
    await fc.assert(property, { numRuns: TABLES[warehouse], endOnFailure: true });
  });
});
