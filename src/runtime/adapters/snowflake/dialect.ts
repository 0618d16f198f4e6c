import {
  SNOWFLAKE_OWN_TYPES,
  snowflakeIdentifier,
  snowflakeType,
} from '../../../warehouse-tables/snowflake.ts';
import type { Dialect } from '../../sql-warehouse/dialect.ts';

const identifier = snowflakeIdentifier;

/** Characters of a VARCHAR that says no length: https://docs.snowflake.com/en/sql-reference/data-types-text */
const LONGEST = 16_777_216;

/** A column's type as `type` and `own` write it. Times and timestamps are all made with nine digits. */
const CATALOGUE_TYPE = `CASE data_type
  WHEN 'NUMBER' THEN 'NUMBER(' || numeric_precision || ',' || numeric_scale || ')'
  WHEN 'TEXT' THEN CASE WHEN character_maximum_length < ${LONGEST} THEN 'VARCHAR(' || character_maximum_length || ')' ELSE 'VARCHAR' END
  ELSE data_type END`;

/** What Snowflake writes in its own way. */
export const snowflakeDialect: Dialect = {
  fold: (name) => name.toUpperCase(),
  identifier,
  parameter: (place) => `:${place}`,
  type: snowflakeType,
  own: SNOWFLAKE_OWN_TYPES,
  now: 'SYSDATE()',
  dateText: (expression) => `TO_VARCHAR(${expression}, 'YYYY-MM-DD')`,
  timestampText: (expression) => `TO_VARCHAR(${expression}, 'YYYY-MM-DD HH24:MI:SS.FF6')`,
  // Rows with a null in any of the columns are not counted by Snowflake itself.
  countDistinct: (columns) => `count(DISTINCT ${columns.join(', ')})`,
  // Whoever sets Snowflake up makes the schema: the loader's role may not, and need not.
  schemaStatements: () => [],
  catalogue: ({ database, schema }, table) => ({
    sql: `SELECT lower(column_name) AS ${identifier('name')}, ${CATALOGUE_TYPE} AS ${identifier('type')}
FROM ${identifier(database)}.information_schema.columns WHERE table_schema = :1 AND table_name = :2`,
    values: [schema.toUpperCase(), table.toUpperCase()],
  }),
  widens: (from, to) => widensNumber(from, to) || (/^VARCHAR\(\d+\)$/.test(from) && to === 'VARCHAR'),
  changeType: (table, column, type) => `ALTER TABLE ${table} ALTER COLUMN ${column} SET DATA TYPE ${type}`,
};

/** More digits before the point: Snowflake changes no others. */
function widensNumber(from: string, to: string): boolean {
  const [, precision, scale] = NUMBER.exec(from) ?? [];
  const [, wanted, wantedScale] = NUMBER.exec(to) ?? [];
  return scale !== undefined && scale === wantedScale && Number(wanted) > Number(precision);
}

const NUMBER = /^NUMBER\((\d+),(\d+)\)$/;
