import { CHECKS, LOADS } from '../../warehouse-tables/own-tables.ts';
import type { Volume } from '../ports/measure.ts';
import { type Dialect, type Place, tableName } from './dialect.ts';
import type { SqlSession } from './session.ts';
import { Bound } from './statement.ts';

/** The newest load of each of the partitions that have one, by date. */
export async function volumesOf(
  session: SqlSession,
  dialect: Dialect,
  place: Place,
  table: string,
  partitions: readonly string[],
): Promise<Volume[]> {
  if (partitions.length === 0) return [];
  const name = (column: string) => dialect.identifier(column);
  const bound = new Bound(dialect);
  const ofTable = `${name('table_name')} = ${bound.as('text', table)}`;
  const dates = partitions.map((partition) => bound.as('date', partition));
  const wanted = `${ofTable} AND ${name('partition')} IN (${dates.join(', ')})`;
  const day = `${dialect.dateText(name('partition'))} AS partition_day, ${name('run_id')} AS run`;
  const loads = await session.rows(
    `look up what was loaded into ${table} in the weeks before`,
    `SELECT ${day}, ${name('rows')} AS counted
FROM ${tableName(dialect, place, LOADS)} WHERE ${wanted} ORDER BY ${name('committed_at')}`,
    bound.values,
  );
  const judged = await session.rows(
    `look up the anomalies of ${table} in the weeks before`,
    `SELECT ${day}, CASE WHEN ${name('passed')} THEN 1 ELSE 0 END AS good
FROM ${tableName(dialect, place, CHECKS)} WHERE ${wanted} AND ${name('kind')} = 'volume_anomaly'
ORDER BY ${name('checked_at')}`,
    bound.values,
  );
  const newest = new Map(loads.map((row) => [String(row.partition_day), row]));
  const verdicts = new Map(judged.map((row) => [`${row.partition_day} ${row.run}`, Number(row.good) === 1]));
  return [...newest.entries()]
    .map(([partition, { run, counted }]) => ({
      partition,
      rows: Number(counted),
      anomalous: verdicts.get(`${partition} ${run}`) === false,
    }))
    .sort((one, other) => one.partition.localeCompare(other.partition));
}
