import type { ColumnType } from '../../../spec/column.ts';

/**
 * SQL expressions over a JSON scalar: `text` is its value as text, `kind` what `json_type` calls it. Each gives the
 * typed value, or NULL where the value is of another type; the cast of DuckDB alone would take "1_000", " 12",
 * 12.7 as 13, "nan" and offsets of 25 hours.
 */
export function cast(type: ColumnType, text: string, kind: string): string {
  switch (type) {
    case 'string':
      return `CASE WHEN ${kind} NOT IN ('OBJECT', 'ARRAY') THEN ${text} END`;
    case 'integer':
      return integer(text, kind);
    case 'double':
      return double(text, kind);
    case 'boolean':
      return `CASE WHEN ${kind} IN ('BOOLEAN', 'VARCHAR') AND ${text} IN ('true', 'false') THEN ${text} = 'true' END`;
    case 'date':
      return `CASE WHEN ${kind} = 'VARCHAR' AND regexp_full_match(${text}, '${DATE}') THEN TRY_CAST(${text} AS DATE) END`;
    case 'timestamp':
      // A text without an offset is cast in the session's time zone, which is UTC.
      return `CASE WHEN ${isTimestamp(text, kind)} THEN timezone('UTC', TRY_CAST(${text} AS TIMESTAMPTZ)) END`;
    case 'local_timestamp':
      return `CASE WHEN ${isTimestamp(text, kind)} THEN TRY_CAST(regexp_replace(${text}, '${OFFSET}$', '') AS TIMESTAMP) END`;
  }
}

const DATE = '[0-9]{4}-[0-9]{2}-[0-9]{2}';
const TIME = '([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]+)?)?';
const OFFSET = '(Z|[+-](0[0-9]|1[0-4])(:?[0-5][0-9])?)';

function isTimestamp(text: string, kind: string): string {
  return `${kind} = 'VARCHAR' AND regexp_full_match(${text}, '${DATE}[T ]${TIME}${OFFSET}?')`;
}

function integer(text: string, kind: string): string {
  // 2^53: from there on a number written with a fraction or an exponent may have lost its last digits.
  return `CASE
    WHEN ${kind} = 'DOUBLE' THEN CASE WHEN abs(TRY_CAST(${text} AS DOUBLE)) < 9007199254740992
      AND trunc(TRY_CAST(${text} AS DOUBLE)) = TRY_CAST(${text} AS DOUBLE)
      THEN TRY_CAST(TRY_CAST(${text} AS DOUBLE) AS BIGINT) END
    WHEN ${kind} IN ('BIGINT', 'UBIGINT', 'VARCHAR') AND regexp_full_match(${text}, '[+-]?[0-9]+([.]0+)?')
      THEN TRY_CAST(regexp_extract(${text}, '^[+-]?[0-9]+') AS BIGINT) END`;
}

function double(text: string, kind: string): string {
  return `CASE WHEN ${kind} IN ('BIGINT', 'UBIGINT', 'DOUBLE', 'VARCHAR')
    AND regexp_full_match(${text}, '[+-]?[0-9]+([.][0-9]+)?([eE][+-]?[0-9]+)?')
    AND isfinite(TRY_CAST(${text} AS DOUBLE)) THEN TRY_CAST(${text} AS DOUBLE) END`;
}
