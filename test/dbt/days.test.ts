import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Snowflake, startSnowflake } from '../support/snowflake.ts';
import { DAILY, DAILY_QUERY } from './expected.ts';
import { FLIGHTS, type Flight, rawFlights } from './flights.ts';
import { type DbtRun, run, runDbt } from './run-dbt.ts';

const ROOT = join(import.meta.dirname, '..', '..');

let folder: string;
let snowflake: Snowflake;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pipegen-dbt-days-'));
  snowflake = await startSnowflake();
});
afterAll(async () => {
  await snowflake?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

interface Rig {
  dbt(...words: string[]): Promise<DbtRun>;
  /** The rows of the last statement. */
  ask(statements: readonly string[]): Promise<Record<string, unknown>[]>;
  /** Where the models are. */
  readonly schema: string;
}

const RIGS: readonly [string, () => Rig][] = [
  ['dbt-duckdb', onDuckdb],
  ['dbt-snowflake', onSnowflake],
];

function onDuckdb(): Rig {
  const path = join(folder, 'days.duckdb');
  return {
    schema: 'analytics',
    dbt: (...words) => runDbt(`${path}.dbt`, { type: 'duckdb', path, schema: 'analytics' }, ...words),
    ask: async (statements) => {
      const instance = await DuckDBInstance.create(path);
      const connection = await instance.connect();
      try {
        let rows: Record<string, unknown>[] = [];
        for (const one of statements) rows = (await connection.runAndReadAll(one)).getRowObjectsJson();
        return rows;
      } finally {
        connection.closeSync();
        instance.closeSync();
      }
    },
  };
}

function onSnowflake(): Rig {
  const { account, host, port, protocol } = snowflake.connection;
  const connection = { account, host, port, protocol, user: 'test', password: 'test', database: 'ANALYTICS' };
  const output = { type: 'snowflake', warehouse: 'T', role: 'PIPEGEN_TRANSFORMER', ...connection };
  // DuckDB, and so the emulator, tells a schema from a database only where their names differ.
  return {
    schema: 'marts',
    dbt: (...words) => runDbt(join(folder, 'snowflake'), { ...output, schema: 'MARTS' }, ...words),
    ask: async (statements) => {
      const { exit, output: text } = await run(
        join(ROOT, '.venv', 'dbt', 'bin', 'python'),
        [join(import.meta.dirname, 'snowflake_sql.py')],
        {},
        JSON.stringify({ connection: { ...connection, schema: 'MARTS' }, statements }),
      );
      if (exit !== 0) throw new Error(text);
      return JSON.parse(text) as Record<string, unknown>[];
    },
  };
}

/** Numbers as numbers, whichever way a driver gives them. */
const plain = (rows: readonly Record<string, unknown>[]) =>
  rows.map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([name, value]) => [
        name,
        typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value,
      ]),
    ),
  );

const on = (date: string, changes: Flight): Flight => ({
  ...FLIGHTS[0],
  flight_date: date,
  _pipegen_partition: date,
  ...changes,
});

/** 03-29: other flights of one airline; 03-28: none any more; 03-02 and 03-30 too have changed, for another run. */
const LATER: readonly Flight[] = [
  ...FLIGHTS.filter(({ flight_date: date }) => date === '2026-03-01'),
  on('2026-03-29', { flight: 'LH1', flight_status: 'cancelled' }),
  on('2026-03-02', { flight: 'LH2', flight_status: 'cancelled' }),
  on('2026-03-30', { flight: 'LH3', flight_status: 'cancelled' }),
];

describe.each(RIGS)('the mart by day, %s', (_, open) => {
  test('a run changes its own days and no other, as a full refresh would', async () => {
    const { dbt, ask, schema } = open();
    const query = DAILY_QUERY.replace('from ', `from ${schema}.`);
    const mart = async () => plain(await ask([query]));
    const days = (rows: readonly Record<string, unknown>[]) =>
      rows.map((row) => `${row.flight_date} ${row.airline_code}`);
    await ask([...rawFlights(FLIGHTS), 'select 1 as one']);
    const first = await dbt('build', '--select', 'tag:flights');
    expect(first.exit, first.output).toBe(0);
    expect(await mart()).toEqual(DAILY);

    await ask([...rawFlights(LATER), 'select 1 as one']);
    const vars = JSON.stringify({ partitions: ['2026-03-28', '2026-03-29'] });
    const second = await dbt('build', '--select', 'tag:flights', '--vars', vars);
    expect(second.exit, second.output).toBe(0);
    expect(second.statuses.get('every_flight_is_counted_once')).toBe('pass');
    const now = await mart();
    expect(days(now)).toEqual(['2026-03-01 LH', '2026-03-02 LH', '2026-03-29 LH']);
    const before = (date: string) => DAILY.find(({ flight_date }) => flight_date === date);
    expect(now.slice(0, 2)).toEqual([before('2026-03-01'), before('2026-03-02')]);
    expect(now[2]).toMatchObject({ flights_operated: 1, flights_cancelled: 1, flights_landed: 0 });

    // Without days a run builds all of them, and that is what a full refresh makes too.
    await dbt('run', '--select', 'partner_daily_performance');
    const all = await mart();
    expect(days(all)).toEqual(['2026-03-01 LH', '2026-03-02 LH', '2026-03-29 LH', '2026-03-30 LH']);
    await dbt('run', '--select', 'partner_daily_performance', '--full-refresh');
    expect(await mart()).toEqual(all);
  }, 600_000);
});
