import type { ColumnType } from '../../spec/column-type.ts';
import type { OwnType } from '../../warehouse-tables/own-tables.ts';
import type { SqlValue } from './session.ts';

/** Where the tables are, as the spec writes it. */
export interface Place {
  readonly database: string;
  readonly schema: string;
}

/** What warehouses write differently; all else of the SQL is said once. */
export interface Dialect {
  /** A name as it stands in the catalogue: unquoted SQL, of dbt and of BI, must find it. */
  fold(name: string): string;
  /** The folded name, quoted. Throws TypeError for an empty name and for NUL. */
  identifier(name: string): string;
  /** Placeholder of a bound value by its place from 1: `$1`, `:1`; the same one may stand several times. */
  parameter(place: number): string;
  /** Of a declared column, written as the catalogue writes it. */
  type(type: ColumnType): string;
  /** Types of what pipegen itself writes, written as the catalogue writes them. */
  readonly own: Readonly<Record<OwnType, string>>;
  /** The moment, in UTC without a zone. */
  readonly now: string;
  /** SQL: a date as `2026-01-31`, whatever the session's formats are. */
  dateText(expression: string): string;
  /** SQL: a timestamp without zone as `2026-01-31 06:00:00.000000`. */
  timestampText(expression: string): string;
  /** SQL, an aggregate: distinct rows of these columns, none of them null. Columns are SQL. */
  countDistinct(columns: readonly string[]): string;
  /** Statements that make what a table stands in; none where the session has seen to it. */
  schemaStatements(place: Place): readonly string[];
  /** Columns of a table in the catalogue, as `name` (lower case) and `type`; no rows where there is no such table. */
  catalogue(place: Place, table: string): { readonly sql: string; readonly values: readonly SqlValue[] };
  /** Whether a column may become the wider type by ALTER, with every value kept. Both as the catalogue writes them. */
  widens(from: string, to: string): boolean;
  /** The ALTER statement that gives a column another type; table and column are SQL. */
  changeType(table: string, column: string, type: string): string;
}

/** `"database"."schema"."table"`. */
export function tableName(dialect: Dialect, { database, schema }: Place, table: string): string {
  return [database, schema, table].map((name) => dialect.identifier(name)).join('.');
}
