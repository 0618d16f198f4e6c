import { OWN_COLUMNS } from '../../warehouse-tables/own-tables.ts';
import type { LoadMode, LoadRecord, WarehouseColumn } from '../ports/warehouse.ts';
import { type Dialect, type Place, tableName } from './dialect.ts';
import { Bound, type Statement, utcText } from './statement.ts';

/** Columns that the published files bring besides the declared ones. */
export const FROM_FILE = ['_pipegen_source_file', '_pipegen_row_hash'] as const;

/** Alias of the staging table. No table of a pipeline may begin with an underscore. */
const STAGED = '_pipegen_staged';

/** What a mode does within its transaction. */
export interface Publication {
  /** The first statement. A DELETE takes the table's lock on Snowflake, also where it finds no row. */
  readonly clear: Statement;
  readonly put: readonly Statement[];
  /** Counts, as `rows`, those of the load's rows that the table has then; for a merge, itself or a newer one of its key. */
  readonly count: Statement;
}

interface Target {
  readonly dialect: Dialect;
  readonly place: Place;
  /** SQL of the staging table. */
  readonly staging: string;
  /** For people. */
  readonly name: string;
}

export function planPublication(
  target: Target,
  load: LoadRecord,
  columns: readonly WarehouseColumn[],
  mode: LoadMode,
): Publication {
  switch (mode.kind) {
    case 'replace_partition':
      return replacement(target, load, columns, `partition ${load.partition}`);
    case 'replace':
      return replacement(target, load, columns);
    case 'merge':
      return merge(target, load, columns, mode);
  }
}

/** Of one partition, or of the whole table. Rows go by DELETE: TRUNCATE would commit on Snowflake. */
function replacement(
  target: Target,
  load: LoadRecord,
  columns: readonly WarehouseColumn[],
  partition?: string,
): Publication {
  const { dialect, place, name } = target;
  const table = tableName(dialect, place, load.table);
  const where = (bound: Bound) =>
    partition === undefined ? '' : ` WHERE ${inPartition(dialect, load, bound)}`;
  const cleared = new Bound(dialect);
  const counted = new Bound(dialect);
  return {
    clear: {
      doing: `delete ${partition === undefined ? 'the rows' : `the ${partition}`} of ${name}`,
      sql: `DELETE FROM ${table}${where(cleared)}`,
      values: cleared.values,
    },
    put: [insert(target, load, columns)],
    count: {
      doing: `count the rows of ${name}`,
      sql: `SELECT count(*) AS ${dialect.identifier('rows')} FROM ${table}${where(counted)}`,
      values: counted.values,
    },
  };
}

function merge(
  target: Target,
  load: LoadRecord,
  columns: readonly WarehouseColumn[],
  { key, newestBy }: Extract<LoadMode, { kind: 'merge' }>,
): Publication {
  const { dialect, place, staging, name } = target;
  const id = (column: string) => dialect.identifier(column);
  const table = tableName(dialect, place, load.table);
  const old = (column: string) => `${id(load.table)}.${id(column)}`;
  const staged = (column: string) => `${id(STAGED)}.${id(column)}`;

  const sameKey = key.map((column) => `${old(column)} = ${staged(column)}`).join(' AND ');
  const keyless = `(${key.map((column) => `${id(column)} IS NULL`).join(' OR ')})`;
  const newer = `(${staged(newestBy)} > ${old(newestBy)} OR (${old(newestBy)} IS NULL AND ${staged(newestBy)} IS NOT NULL))`;
  const equal = `(${staged(newestBy)} = ${old(newestBy)} OR (${old(newestBy)} IS NULL AND ${staged(newestBy)} IS NULL))`;
  const notOlder = `(${staged(newestBy)} IS NULL OR ${old(newestBy)} >= ${staged(newestBy)})`;

  const cleared = new Bound(dialect);
  const outdated = new Bound(dialect);
  const counted = new Bound(dialect);
  return {
    clear: {
      doing: `delete the rows of the partition ${load.partition} of ${name} that have no key`,
      sql: `DELETE FROM ${table} WHERE ${inPartition(dialect, load, cleared)} AND ${keyless}`,
      values: cleared.values,
    },
    put: [
      {
        doing: `delete the rows of ${name} that newer ones replace`,
        sql: `DELETE FROM ${table} USING ${staging} AS ${id(STAGED)}
WHERE ${sameKey} AND (${newer} OR (${equal}
  AND ${old('_pipegen_extracted_at')} <= ${outdated.as('timestamp', utcText(load.extractedAt))}))`,
        values: outdated.values,
      },
      // What is still there by now is newer.
      insert(target, load, columns, `NOT EXISTS (SELECT 1 FROM ${table} WHERE ${sameKey})`),
    ],
    count: {
      doing: `count the rows of ${name} that are staged`,
      sql: `SELECT
  (SELECT count(*) FROM ${table} JOIN ${staging} AS ${id(STAGED)} ON ${sameKey} AND ${notOlder})
  + (SELECT count(*) FROM ${table} WHERE ${inPartition(dialect, load, counted)} AND ${keyless}) AS ${id('rows')}`,
      values: counted.values,
    },
  };
}

/** Columns of the table that the load does not name become null. */
function insert(
  { dialect, place, staging, name }: Target,
  load: LoadRecord,
  columns: readonly WarehouseColumn[],
  condition?: string,
): Statement {
  const bound = new Bound(dialect);
  const staged = (column: string) => `${dialect.identifier(STAGED)}.${dialect.identifier(column)}`;
  const own: Readonly<Record<string, string>> = {
    _pipegen_partition: bound.as('date', load.partition),
    _pipegen_load_id: bound.as('text', load.loadId),
    _pipegen_run_id: bound.as('text', load.runId),
    _pipegen_extracted_at: bound.as('timestamp', utcText(load.extractedAt)),
    _pipegen_loaded_at: dialect.now,
  };
  const names = [...columns.map((column) => column.name), ...OWN_COLUMNS.map(([column]) => column)];
  return {
    doing: `insert into ${name}`,
    sql: `INSERT INTO ${tableName(dialect, place, load.table)} (${names.map((column) => dialect.identifier(column)).join(', ')})
SELECT ${names.map((column) => own[column] ?? staged(column)).join(', ')}
FROM ${staging} AS ${dialect.identifier(STAGED)}${condition === undefined ? '' : `\nWHERE ${condition}`}`,
    values: bound.values,
  };
}

function inPartition(dialect: Dialect, load: LoadRecord, bound: Bound): string {
  return `${dialect.identifier('_pipegen_partition')} = ${bound.as('date', load.partition)}`;
}
