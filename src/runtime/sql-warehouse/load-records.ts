import { LOADS } from '../../warehouse-tables/own-tables.ts';
import type { LoadRecord } from '../ports/warehouse.ts';
import { type Dialect, type Place, tableName } from './dialect.ts';
import type { SqlRow } from './session.ts';
import { Bound, type Statement, utcText } from './statement.ts';

/** Query of the committed loads, the oldest first; `loadRecord` reads its rows. */
export function loadsQuery(dialect: Dialect, place: Place, table: string, partition?: string): Statement {
  const id = (name: string) => dialect.identifier(name);
  const bound = new Bound(dialect);
  const conditions = [`${id('table_name')} = ${bound.as('text', table)}`];
  if (partition !== undefined) conditions.push(`${id('partition')} = ${bound.as('date', partition)}`);
  const columns = [
    ...['load_id', 'pipeline', 'table_name', 'run_id', 'job', 'files'].map(id),
    `${dialect.dateText(id('partition'))} AS ${id('partition_date')}`,
    `${dialect.timestampText(id('extracted_at'))} AS ${id('extracted')}`,
    id('rows'),
  ];
  return {
    doing: `look up the loads of ${partition ?? table}`,
    sql: `SELECT ${columns.join(', ')} FROM ${tableName(dialect, place, LOADS)}
WHERE ${conditions.join(' AND ')} ORDER BY ${id('committed_at')}`,
    values: bound.values,
  };
}

export function loadRecord(row: SqlRow): LoadRecord {
  return {
    loadId: String(row.load_id),
    pipeline: String(row.pipeline),
    table: String(row.table_name),
    partition: String(row.partition_date),
    runId: String(row.run_id),
    job: String(row.job),
    extractedAt: new Date(`${String(row.extracted).replace(' ', 'T')}Z`).toISOString(),
    rows: Number(row.rows),
    files: JSON.parse(String(row.files)) as string[],
  };
}

/** Records a load after all earlier ones of the table, also where the clock was set back. */
export function recordLoad(dialect: Dialect, place: Place, load: LoadRecord): Statement {
  const id = (name: string) => dialect.identifier(name);
  const loads = tableName(dialect, place, LOADS);
  const bound = new Bound(dialect);
  const last = `max(${id('committed_at')})`;
  const made = [
    ['load_id', bound.as('text', load.loadId)],
    ['pipeline', bound.as('text', load.pipeline)],
    ['table_name', bound.as('text', load.table)],
    ['partition', bound.as('date', load.partition)],
    ['run_id', bound.as('text', load.runId)],
    ['job', bound.as('text', load.job)],
    ['extracted_at', bound.as('timestamp', utcText(load.extractedAt))],
    ['rows', bound.as('integer', load.rows)],
    ['files', bound.as('text', JSON.stringify(load.files))],
    [
      'committed_at',
      `CASE WHEN ${last} >= ${dialect.now} THEN ${last} + INTERVAL '1 microsecond' ELSE ${dialect.now} END`,
    ],
  ] as const;
  return {
    doing: 'record the load',
    sql: `INSERT INTO ${loads} (${made.map(([name]) => id(name)).join(', ')})
SELECT ${made.map(([, value]) => value).join(', ')}
FROM ${loads} WHERE ${id('table_name')} = ${bound.as('text', load.table)}`,
    values: bound.values,
  };
}
