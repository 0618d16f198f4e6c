import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DAILY, DAILY_QUERY, SCORECARD, SCORECARD_QUERY, UTC, UTC_QUERY } from './expected.ts';
import { FLIGHTS, rawFlights } from './flights.ts';
import { type DbtRun, runDbt } from './run-dbt.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pipegen-dbt-duckdb-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function onWarehouse(path: string, statements: readonly string[]): Promise<object[]> {
  const instance = await DuckDBInstance.create(path);
  const connection = await instance.connect();
  try {
    let rows: object[] = [];
    for (const statement of statements) {
      const result = await connection.runAndReadAll(statement);
      rows = result.getRowObjectsJson().map(withNumbers);
    }
    return rows;
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** DuckDB's JSON writes BIGINT as text. */
function withNumbers(row: Record<string, unknown>): object {
  const entries = Object.entries(row).map(([name, value]) => [
    name,
    typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value,
  ]);
  return Object.fromEntries(entries);
}

function dbt(path: string, ...words: string[]): Promise<DbtRun> {
  const place = `${path}.dbt`;
  return runDbt(place, { type: 'duckdb', path, schema: 'analytics' }, ...words);
}

const read = (path: string, query: string) =>
  onWarehouse(path, ["set schema = 'analytics'", query.replace(/;$/, '')]);

test('the marts hold the numbers worked out by hand', async () => {
  const path = join(folder, 'good.duckdb');
  await onWarehouse(path, rawFlights(FLIGHTS));

  // Two runs, as the two pipelines do it: the first must not need what the second makes.
  const flights = await dbt(path, 'build', '--select', 'tag:flights');
  expect(flights.output).not.toContain('Deprecat');
  expect(flights.exit, flights.output).toBe(0);
  const warned = [...flights.statuses].filter(([, status]) => !['success', 'pass'].includes(status));
  expect(warned.map(([name, status]) => [name.replace(/_{2,}.*/, ''), status])).toEqual([
    ['relationships_stg_flights_arrival_timezone', 'warn'],
  ]);
  expect(await read(path, UTC_QUERY)).toEqual(UTC);
  expect(await read(path, DAILY_QUERY)).toEqual(DAILY);

  const scorecard = await dbt(path, 'build', '--select', 'tag:scorecard');
  expect(scorecard.exit, scorecard.output).toBe(0);
  expect([...scorecard.statuses.keys()]).toContain('partner_scorecard');
  expect([...scorecard.statuses.keys()]).not.toContain('partner_daily_performance');
  expect(await read(path, SCORECARD_QUERY)).toEqual(SCORECARD);

  // A second build of the same data changes nothing.
  await dbt(path, 'build', '--select', 'tag:flights');
  expect(await read(path, DAILY_QUERY)).toEqual(DAILY);
});

test('a status outside of the contract fails its test and keeps the mart back', async () => {
  const path = join(folder, 'status.duckdb');
  await onWarehouse(path, rawFlights([{ ...FLIGHTS[0], flight_status: 'teleported' }]));
  const { exit, statuses } = await dbt(path, 'build', '--select', 'tag:flights');
  expect(exit).toBe(1);
  expect([...statuses].filter(([, status]) => status === 'fail').map(([name]) => name)).toEqual([
    expect.stringMatching(/^source_accepted_values_raw_flights_+flight_status_/),
  ]);
  expect(statuses.get('partner_daily_performance')).toBe('skipped');
});

test('the same flight twice fails the test of uniqueness', async () => {
  const path = join(folder, 'twice.duckdb');
  await onWarehouse(path, rawFlights([...FLIGHTS, ...FLIGHTS.slice(0, 1)]));
  const { exit, statuses } = await dbt(path, 'build', '--select', 'tag:flights');
  expect(exit).toBe(1);
  expect([...statuses].filter(([, status]) => status === 'fail').map(([name]) => name)).toEqual([
    'unique_key_of_flights',
  ]);
});

test('freshness is judged by the time of loading', async () => {
  const path = join(folder, 'fresh.duckdb');
  const now = new Date().toISOString().slice(0, 19);
  await onWarehouse(path, rawFlights([{ ...FLIGHTS[0], _pipegen_loaded_at: now }]));
  const fresh = await dbt(path, 'source', 'freshness');
  expect(fresh.exit, fresh.output).toBe(0);

  await onWarehouse(path, rawFlights(FLIGHTS));
  const stale = await dbt(path, 'source', 'freshness');
  expect(stale.exit).toBe(1);
  expect(stale.output).toContain('ERROR STALE freshness of raw.flights');
});
