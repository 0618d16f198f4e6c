import { resolve } from 'node:path';
import type { StepContext } from '../context.ts';
import type { Warehouse } from '../ports/warehouse.ts';

/** Opened by kind, so that a step pays only for the driver that it uses. Relative paths start at `home`. */
export async function openWarehouse(context: StepContext): Promise<Warehouse> {
  const { warehouse } = context.job;
  switch (warehouse.kind) {
    case 'duckdb': {
      const { openDuckdbWarehouse } = await import('./duckdb/duckdb-warehouse.ts');
      const path = resolve(context.home, warehouse.path);
      return openDuckdbWarehouse({ ...context, path, schema: warehouse.schema });
    }
    case 'snowflake': {
      const { openSnowflakeWarehouse } = await import('./snowflake/warehouse.ts');
      return openSnowflakeWarehouse({ ...context, warehouse });
    }
  }
}
