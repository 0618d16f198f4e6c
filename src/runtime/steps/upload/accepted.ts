import type { JobColumn } from '../../../spec/job.ts';
import type { Engine } from '../../adapters/duckdb/engine.ts';
import { DUCKDB_TYPES } from '../../adapters/duckdb/types.ts';
import { configuration } from '../../errors.ts';

/** A value of `accepted` that is not of its column's type could never be met: a configuration error. */
export async function refuseUnreadableAccepted(engine: Engine, columns: readonly JobColumn[]): Promise<void> {
  for (const { name, type, accepted } of columns) {
    if (accepted === undefined || type === 'string') continue;
    for (const value of accepted) {
      const query = `SELECT TRY_CAST($1::VARCHAR AS ${DUCKDB_TYPES[type]}) IS NULL AS unreadable`;
      const [row] = await engine.rows('look at accepted values', query, [value]);
      if (row?.unreadable !== true) continue;
      throw configuration(`column ${name}: the accepted value "${value}" is not of type ${type}`);
    }
  }
}
