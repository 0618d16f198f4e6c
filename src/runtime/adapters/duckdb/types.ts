import { type ColumnType, shapeOf, type TypeShape } from '../../../spec/column-type.ts';

const NAMES: Readonly<Record<Exclude<TypeShape['kind'], 'decimal' | 'list'>, string>> = {
  string: 'VARCHAR',
  integer: 'BIGINT',
  bigint: 'DECIMAL(38,0)',
  double: 'DOUBLE',
  boolean: 'BOOLEAN',
  date: 'DATE',
  timestamp: 'TIMESTAMP',
  local_timestamp: 'TIMESTAMP',
  time: 'TIME',
  json: 'JSON',
};

/** Name of the type in DuckDB, in parquet files and in tables alike, as `duckdb_columns()` writes it. */
export function duckdbType(type: ColumnType): string {
  return nameOf(shapeOf(type));
}

function nameOf(shape: TypeShape): string {
  if (shape.kind === 'list') return `${nameOf(shape.of)}[]`;
  return shape.kind === 'decimal' ? `DECIMAL(${shape.precision},${shape.scale})` : NAMES[shape.kind];
}
