import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { pino } from 'pino';
import type { Warehouse } from '../../spec/warehouse.ts';
import { ok, type Probe } from './probe.ts';
import { newFolder } from './store.ts';

/** Whether the file can be opened for writing. One that is not there is not made. */
export function duckdbProbe(
  warehouse: Extract<Warehouse, { kind: 'duckdb' }>,
  home: string,
  scratch: string,
): Probe {
  const what = 'warehouse';
  const path = resolve(home, warehouse.path);
  return {
    what,
    repair: `make ${path} a DuckDB file that the steps may write to, or change warehouse.path`,
    look: async (signal) => {
      if (!existsSync(path))
        return [await newFolder(what, dirname(path), 'warehouse.path', `${path} is not there yet`)];
      // Brings DuckDB with it, which no other environment shall wait for.
      const { openFile } = await import('../../runtime/adapters/duckdb/open-file.ts');
      using engine = await openFile({ path, scratch, signal, log: pino({ enabled: false }) }, 0);
      const [row] = await engine.rows(
        'count the tables',
        'SELECT count(*) AS tables FROM duckdb_tables() WHERE lower(schema_name) = $1',
        [warehouse.schema],
      );
      return [
        ok(what, `${path} can be written to; the schema ${warehouse.schema} has ${row?.tables} tables`),
      ];
    },
  };
}
