import { DuckDBInstance } from '@duckdb/node-api';
import type { Querying } from '../runtime/warehouse/connection.ts';

// The same tables in both warehouses, each value written in the same way: what one environment leaves is compared
// with what another leaves.

const whole = (column: string) => `cast(cast(round(${column} * 10000) as integer) as varchar)`;

/** The mart of flights. */
export const MART = `select cast(flight_date as varchar), airline_code, airline_name, cast(flights_operated as varchar),
  cast(flights_cancelled as varchar), ${whole('on_time_share')}, ${whole('p90_arrival_delay_minutes')}
from analytics.partner_daily_performance`;

type Query = (sql: string) => Promise<unknown[][]>;

/** All that is loaded into the table, save what differs from run to run. @param query asks a DuckDB that has it */
export async function flightsQuery(query: Query): Promise<string> {
  const columns = await query(
    `select column_name, data_type from information_schema.columns
where table_schema = 'raw' and table_name = 'flights' and column_name not in
  ('_pipegen_load_id', '_pipegen_run_id', '_pipegen_extracted_at', '_pipegen_loaded_at', '_pipegen_source_file')
order by column_name`,
  );
  const texts = columns.map(([name, type]) =>
    type === 'TIMESTAMP' ? `left(cast(${String(name)} as varchar), 19)` : `cast(${String(name)} as varchar)`,
  );
  return `select ${texts.join(', ')} from raw.flights`;
}

/** A row is a line of text; sorted. */
export async function onDuckdb(query: Query, sql: string): Promise<string[]> {
  return (await query(sql)).map((row) => row.map(text).join('|')).sort();
}

/** The same in a database of Snowflake. */
export async function onSnowflake(connection: Querying, database: string, sql: string): Promise<string[]> {
  const rows = await connection.query(
    sql
      .replace('from raw.', `from ${database}.RAW.`)
      .replace('from analytics.', `from ${database}.ANALYTICS.`),
  );
  return rows.map((row) => Object.values(row).map(text).join('|')).sort();
}

/** Asks a database file that nobody writes to. */
export async function queryFile(path: string, sql: string): Promise<unknown[][]> {
  const instance = await DuckDBInstance.create(path, { access_mode: 'READ_ONLY' });
  const connection = await instance.connect();
  try {
    return (await connection.runAndReadAll(sql)).getRowsJson();
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

function text(value: unknown): string {
  return value === null || value === undefined ? '<null>' : String(value);
}
