import type { LoadMode, LoadRecord, Warehouse, WarehouseColumn } from '../../ports/warehouse.ts';
import { SqlWarehouse } from '../../sql-warehouse/sql-warehouse.ts';
import { snowflakeDialect } from './dialect.ts';
import { openSnowflakeSession, type SessionOptions, type SnowflakeSession } from './session.ts';
import { SnowflakeStaging } from './stage.ts';

export interface SnowflakeWarehouseOptions extends SessionOptions {
  /** For what is sent to an internal stage. */
  readonly scratch: string;
}

/** Tables in Snowflake. One session, which ends with it; what it has made temporarily goes with it. */
export async function openSnowflakeWarehouse(options: SnowflakeWarehouseOptions): Promise<Warehouse> {
  const { scratch, signal, warehouse } = options;
  const session = await openSnowflakeSession(options);
  return new SnowflakeWarehouse(session, {
    session,
    dialect: snowflakeDialect,
    place: warehouse,
    staging: new SnowflakeStaging({ session, place: warehouse, stage: warehouse.stage, scratch, signal }),
  });
}

class SnowflakeWarehouse extends SqlWarehouse {
  readonly #session: SnowflakeSession;

  constructor(session: SnowflakeSession, parts: ConstructorParameters<typeof SqlWarehouse>[0]) {
    super(parts);
    this.#session = session;
  }

  override async publish(
    load: LoadRecord,
    columns: readonly WarehouseColumn[],
    mode: LoadMode,
    proceed: (committed: readonly LoadRecord[]) => boolean,
  ): Promise<boolean> {
    this.#session.tagLoad(load.loadId);
    try {
      return await super.publish(load, columns, mode, proceed);
    } finally {
      this.#session.tagLoad(undefined);
    }
  }
}
