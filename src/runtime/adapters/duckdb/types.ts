import type { ColumnType } from '../../../spec/column.ts';

/** Name of the type in DuckDB, in parquet files and in tables alike. */
export const DUCKDB_TYPES: Readonly<Record<ColumnType, string>> = {
  string: 'VARCHAR',
  integer: 'BIGINT',
  double: 'DOUBLE',
  boolean: 'BOOLEAN',
  date: 'DATE',
  timestamp: 'TIMESTAMP',
  local_timestamp: 'TIMESTAMP',
};
