import { type ColumnType, shapeOf, type TypeShape } from '../spec/column-type.ts';
import type { OwnType } from './own-tables.ts';

/** Snowflake's types of what pipegen itself writes. */
export const SNOWFLAKE_OWN_TYPES: Readonly<Record<OwnType, string>> = {
  date: 'DATE',
  text: 'VARCHAR',
  timestamp: 'TIMESTAMP_NTZ',
  integer: 'NUMBER(38,0)',
  double: 'FLOAT',
  boolean: 'BOOLEAN',
};

const NAMES: Readonly<Record<Exclude<TypeShape['kind'], 'decimal'>, string>> = {
  string: 'VARCHAR',
  integer: 'NUMBER(38,0)',
  bigint: 'NUMBER(38,0)',
  double: 'FLOAT',
  boolean: 'BOOLEAN',
  date: 'DATE',
  timestamp: 'TIMESTAMP_NTZ',
  local_timestamp: 'TIMESTAMP_NTZ',
  time: 'TIME',
  json: 'VARIANT',
  list: 'VARIANT',
};

/** Snowflake's type of a declared column. */
export function snowflakeType(type: ColumnType): string {
  const shape = shapeOf(type);
  return shape.kind === 'decimal' ? `NUMBER(${shape.precision},${shape.scale})` : NAMES[shape.kind];
}

/** Quoted, in upper case: what unquoted SQL, of dbt and of BI, calls it. */
export function snowflakeIdentifier(name: string): string {
  if (name === '' || name.includes('\0')) throw new TypeError('a name in SQL needs a character and no NUL');
  return `"${name.toUpperCase().replaceAll('"', '""')}"`;
}

/** A text in Snowflake's SQL, in which a backslash escapes too. */
export function snowflakeLiteral(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''").replaceAll('\0', '\\0')}'`;
}
