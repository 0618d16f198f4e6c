import type { WarehouseColumn } from '../../ports/warehouse.ts';
import { identifier, qualified } from '../../sql/quote.ts';
import { duckdbType } from './types.ts';

export const LOADS = '_pipegen_loads';
export const CHECKS = '_pipegen_checks';

/**
 * Where the tables are. The catalog is the database file's name, always said: in a file `raw.duckdb` DuckDB refuses
 * `raw.flights` as ambiguous.
 */
export interface Place {
  readonly catalog: string;
  readonly schema: string;
}

export function tableName({ catalog, schema }: Place, table: string): string {
  return qualified(catalog, schema, table);
}

/** A column as it is made: name and DuckDB's type. */
type MadeColumn = readonly [name: string, type: string];

/** What every table has besides its declared columns. */
export const OWN_COLUMNS: readonly MadeColumn[] = [
  ['_pipegen_partition', 'DATE'],
  ['_pipegen_load_id', 'VARCHAR'],
  ['_pipegen_run_id', 'VARCHAR'],
  ['_pipegen_extracted_at', 'TIMESTAMP'],
  ['_pipegen_loaded_at', 'TIMESTAMP'],
  ['_pipegen_source_file', 'VARCHAR'],
  ['_pipegen_row_hash', 'VARCHAR'],
];

/** Append-only: one row for each committed load. `files` is a JSON list of their SHA-256. */
const LOAD_COLUMNS: readonly MadeColumn[] = [
  ['load_id', 'VARCHAR'],
  ['pipeline', 'VARCHAR'],
  ['table_name', 'VARCHAR'],
  ['partition', 'DATE'],
  ['run_id', 'VARCHAR'],
  ['job', 'VARCHAR'],
  ['extracted_at', 'TIMESTAMP'],
  ['rows', 'BIGINT'],
  ['files', 'VARCHAR'],
  ['committed_at', 'TIMESTAMP'],
];

/** One row a check, partition and run; `stage` is gate or after_load. */
const CHECK_COLUMNS: readonly MadeColumn[] = [
  ['pipeline', 'VARCHAR'],
  ['table_name', 'VARCHAR'],
  ['partition', 'DATE'],
  ['run_id', 'VARCHAR'],
  ['check_name', 'VARCHAR'],
  ['kind', 'VARCHAR'],
  ['stage', 'VARCHAR'],
  ['severity', 'VARCHAR'],
  ['passed', 'BOOLEAN'],
  ['measured', 'DOUBLE'],
  ['expected', 'VARCHAR'],
  ['checked_at', 'TIMESTAMP'],
];

export function tableColumns(columns: readonly WarehouseColumn[]): MadeColumn[] {
  return [...columns.map(({ name, type }): MadeColumn => [name, duckdbType(type)]), ...OWN_COLUMNS];
}

/** Everything that must be there before a load, in order. */
export function createStatements(place: Place, table: string, columns: readonly WarehouseColumn[]): string[] {
  const create = (name: string, made: readonly MadeColumn[]) =>
    `CREATE TABLE IF NOT EXISTS ${tableName(place, name)} (${made.map(([one, type]) => `${identifier(one)} ${type}`).join(', ')})`;
  return [
    `CREATE SCHEMA IF NOT EXISTS ${qualified(place.catalog, place.schema)}`,
    create(LOADS, LOAD_COLUMNS),
    create(CHECKS, CHECK_COLUMNS),
    create(table, tableColumns(columns)),
  ];
}

export function addColumnStatement(place: Place, table: string, [name, type]: MadeColumn): string {
  return `ALTER TABLE ${tableName(place, table)} ADD COLUMN ${identifier(name)} ${type}`;
}

/** What a person may run to give a column its new type; DuckDB casts what is there or refuses. */
export function changeTypeStatement(place: Place, table: string, [name, type]: MadeColumn): string {
  return `ALTER TABLE ${tableName(place, table)} ALTER COLUMN ${identifier(name)} TYPE ${type};`;
}
