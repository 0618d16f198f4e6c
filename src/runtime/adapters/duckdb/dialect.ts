import { identifier, qualified } from '../../sql/quote.ts';
import type { Dialect } from '../../sql-warehouse/dialect.ts';
import { duckdbType } from './types.ts';

export const duckdbDialect: Dialect = {
  // Names of the spec are in lower case, and DuckDB compares names without case.
  fold: (name) => name,
  identifier,
  parameter: (place) => `$${place}`,
  type: duckdbType,
  own: {
    date: 'DATE',
    text: 'VARCHAR',
    timestamp: 'TIMESTAMP',
    integer: 'BIGINT',
    double: 'DOUBLE',
    boolean: 'BOOLEAN',
  },
  now: "timezone('UTC', now())",
  dateText: (expression) => `CAST(${expression} AS VARCHAR)`,
  timestampText: (expression) => `strftime(${expression}, '%Y-%m-%d %H:%M:%S.%f')`,
  countDistinct: (columns) => {
    const complete = columns.map((column) => `${column} IS NOT NULL`).join(' AND ');
    return `count(DISTINCT CASE WHEN ${complete} THEN row(${columns.join(', ')}) END)`;
  },
  schemaStatements: ({ database, schema }) => [`CREATE SCHEMA IF NOT EXISTS ${qualified(database, schema)}`],
  // A table that was made with capitals is found too.
  catalogue: ({ database, schema }, table) => ({
    sql: `SELECT lower(column_name) AS name, data_type AS type FROM duckdb_columns()
WHERE database_name = $1 AND lower(schema_name) = $2 AND lower(table_name) = $3`,
    values: [database, schema, table],
  }),
  widens,
  changeType: (table, column, type) => `ALTER TABLE ${table} ALTER COLUMN ${column} TYPE ${type}`,
};

/** Digits before and behind the point that a type of whole or decimal numbers holds. */
function digits(type: string): { whole: number; scale: number } | undefined {
  // 2^63 has 19 digits.
  if (type === 'BIGINT') return { whole: 19, scale: 0 };
  const decimal = /^DECIMAL\((\d+),(\d+)\)$/.exec(type);
  if (decimal === null) return undefined;
  const scale = Number(decimal[2]);
  return { whole: Number(decimal[1]) - scale, scale };
}

function widens(from: string, to: string): boolean {
  const before = digits(from);
  const after = to === 'BIGINT' ? undefined : digits(to);
  if (before === undefined || after === undefined) return false;
  return after.whole >= before.whole && after.scale >= before.scale;
}
