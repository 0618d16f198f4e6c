import {
  CHECK_COLUMNS,
  CHECKS,
  LOAD_COLUMNS,
  LOADS,
  OWN_COLUMNS,
  type OwnColumn,
} from '../../warehouse-tables/own-tables.ts';
import type { WarehouseColumn } from '../ports/warehouse.ts';
import { type Dialect, type Place, tableName } from './dialect.ts';

/** A column as it is made: name and type, as the catalogue writes the type. */
export type MadeColumn = readonly [name: string, type: string];

/** The columns of a table: the declared ones, then our own. */
export function tableColumns(dialect: Dialect, columns: readonly WarehouseColumn[]): MadeColumn[] {
  return [
    ...columns.map(({ name, type }): MadeColumn => [name, dialect.type(type)]),
    ...ownColumns(dialect, OWN_COLUMNS),
  ];
}

/** The tables that loads and checks are recorded in. */
export function recordTables(dialect: Dialect): readonly (readonly [table: string, MadeColumn[]])[] {
  return [
    [LOADS, ownColumns(dialect, LOAD_COLUMNS)],
    [CHECKS, ownColumns(dialect, CHECK_COLUMNS)],
  ];
}

/** Another process may make the same at the same moment. */
export function createTable(
  dialect: Dialect,
  place: Place,
  table: string,
  columns: readonly MadeColumn[],
): string {
  const made = columns.map(([name, type]) => `${dialect.identifier(name)} ${type}`);
  return `CREATE TABLE IF NOT EXISTS ${tableName(dialect, place, table)} (${made.join(', ')})`;
}

export function addColumn(dialect: Dialect, place: Place, table: string, [name, type]: MadeColumn): string {
  return `ALTER TABLE ${tableName(dialect, place, table)} ADD COLUMN IF NOT EXISTS ${dialect.identifier(name)} ${type}`;
}

export function changeType(dialect: Dialect, place: Place, table: string, [name, type]: MadeColumn): string {
  return dialect.changeType(tableName(dialect, place, table), dialect.identifier(name), type);
}

function ownColumns(dialect: Dialect, columns: readonly OwnColumn[]): MadeColumn[] {
  return columns.map(([name, type]): MadeColumn => [name, dialect.own[type]]);
}
