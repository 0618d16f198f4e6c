import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { ResolvedEnvironment } from '../../compiler/resolved.ts';
import type { LoadRecord } from '../../runtime/ports/warehouse.ts';
import { createRedactor } from '../../runtime/redact.ts';
import { readSecret } from '../../runtime/secrets.ts';
import type { Dialect, Place } from '../../runtime/sql-warehouse/dialect.ts';
import { loadRecord, loadsQuery } from '../../runtime/sql-warehouse/load-records.ts';
import type { SqlRow, SqlValue } from '../../runtime/sql-warehouse/session.ts';

export interface Loads {
  /** The committed loads of a partition of a table, the oldest first. */
  of(table: string, partition: string): Promise<LoadRecord[]>;
  close(): Promise<void>;
}

/** Milliseconds: whoever asks what ran waits for it. */
const PATIENCE = { login: 20_000, answer: 20_000, statement: 30_000, farewell: 3_000 };

/** The load records of an environment's warehouse, read only. Fails where it can't be reached. */
export async function openLoads({ settings }: ResolvedEnvironment, home: string): Promise<Loads> {
  const { warehouse } = settings;
  return warehouse.kind === 'duckdb'
    ? openDuckdb(resolve(home, warehouse.path), warehouse.schema)
    : openSnowflake(warehouse, home);
}

async function openDuckdb(path: string, schema: string): Promise<Loads> {
  // DuckDB's own message for a missing file is about the system.
  if (!existsSync(path)) throw new Error(`there is no file ${path}`);
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const { duckdbDialect } = await import('../../runtime/adapters/duckdb/dialect.ts');
  const instance = await DuckDBInstance.create(path, { access_mode: 'READ_ONLY' });
  const connection = await instance.connect();
  const rows = async (sql: string, values: readonly SqlValue[]) =>
    (await connection.runAndReadAll(sql, [...values])).getRowObjectsJson();
  const [name] = await rows('SELECT current_database() AS name', []);
  return {
    of: reader(duckdbDialect, { database: String(name?.name), schema }, rows),
    close: async () => {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

async function openSnowflake(
  warehouse: Extract<ResolvedEnvironment['settings']['warehouse'], { kind: 'snowflake' }>,
  home: string,
): Promise<Loads> {
  const { openSnowflakeSession } = await import('../../runtime/adapters/snowflake/session.ts');
  const { snowflakeDialect } = await import('../../runtime/adapters/snowflake/dialect.ts');
  const session = await openSnowflakeSession({
    warehouse,
    home,
    environment: process.env,
    secret: (variable) => readSecret(process.env, variable),
    redact: createRedactor([]),
    signal: new AbortController().signal,
    identity: {
      ...{ dagId: 'pipegen', taskId: 'runs', runId: 'runs', run: '' },
      ...{ partitions: [], tryNumber: 1, generation: 0 },
    },
    patience: PATIENCE,
  });
  return {
    of: reader(snowflakeDialect, warehouse, (sql, values) => session.rows('look up the loads', sql, values)),
    close: async () => session[Symbol.asyncDispose](),
  };
}

function reader(
  dialect: Dialect,
  place: Place,
  rows: (sql: string, values: readonly SqlValue[]) => Promise<readonly SqlRow[]>,
): Loads['of'] {
  return async (table, partition) => {
    const { sql, values } = loadsQuery(dialect, place, table, partition);
    return (await rows(sql, values ?? [])).map(loadRecord);
  };
}
