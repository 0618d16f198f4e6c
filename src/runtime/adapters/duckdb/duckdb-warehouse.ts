import type { Logger } from 'pino';
import type { Warehouse } from '../../ports/warehouse.ts';
import { SqlWarehouse } from '../../sql-warehouse/sql-warehouse.ts';
import { duckdbDialect } from './dialect.ts';
import { openFile } from './open-file.ts';
import { DuckdbSession } from './session.ts';
import { DuckdbStaging } from './staging.ts';

export interface DuckdbWarehouseOptions {
  /** Absolute. */
  readonly path: string;
  readonly schema: string;
  readonly scratch: string;
  readonly signal: AbortSignal;
  readonly log: Logger;
  /** Milliseconds to wait for another process that has the file open; a minute unless told. */
  readonly patience?: number;
}

/** A DuckDB file as warehouse. It has one writer: no other process reads or writes it until this is disposed of. */
export async function openDuckdbWarehouse(options: DuckdbWarehouseOptions): Promise<Warehouse> {
  const engine = await openFile(options, options.patience);
  try {
    // The catalog is the file's name, always said: in a file `raw.duckdb` DuckDB refuses `raw.flights` as ambiguous.
    const [row] = await engine.rows('look at the database', 'SELECT current_database() AS catalog');
    return new SqlWarehouse({
      session: new DuckdbSession(engine),
      dialect: duckdbDialect,
      place: { database: String(row?.catalog), schema: options.schema },
      staging: new DuckdbStaging(engine, options.scratch, options.signal),
    });
  } catch (error) {
    engine[Symbol.dispose]();
    throw error;
  }
}
