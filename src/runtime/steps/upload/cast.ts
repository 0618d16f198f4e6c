import { type ColumnType, shapeOf, type TypeShape } from '../../../spec/column-type.ts';
import { duckdbType } from '../../adapters/duckdb/types.ts';

/** A value as SQL: its text (a list or object as JSON), and what `json_type` calls it. */
export interface SqlValue {
  readonly text: string;
  /** Only evaluated where the text alone can't tell. */
  readonly kind: string;
}

/**
 * The typed value as a SQL expression, NULL where the value is of another type. The cast of DuckDB alone would take
 * "1_000", " 12", 12.7 as 13, "nan", offsets of 25 hours, and would round what has too many digits.
 */
export function cast(type: ColumnType, value: SqlValue): string {
  return castShape(shapeOf(type), type, value);
}

function castShape(shape: TypeShape, type: ColumnType, value: SqlValue): string {
  const { text } = value;
  switch (shape.kind) {
    case 'string':
      // LIKE of a beginning takes a quarter of the time of left().
      return `CASE WHEN (${text} LIKE '{%' OR ${text} LIKE '[%') AND ${value.kind} IN ('OBJECT', 'ARRAY') THEN NULL ELSE ${text} END`;
    case 'integer':
    case 'bigint':
      return whole(text, duckdbType(type));
    case 'decimal':
      return decimal(value, shape.precision, shape.scale);
    case 'double':
      return `CASE WHEN regexp_full_match(${text}, '[+-]?[0-9]+([.][0-9]+)?([eE][+-]?[0-9]+)?')
    AND isfinite(TRY_CAST(${text} AS DOUBLE)) THEN TRY_CAST(${text} AS DOUBLE) END`;
    case 'boolean':
      return `CASE WHEN ${text} IN ('true', 'false') THEN ${text} = 'true' END`;
    case 'date':
      return `CASE WHEN regexp_full_match(${text}, '${DATE}') THEN TRY_CAST(${text} AS DATE) END`;
    case 'time':
      return `CASE WHEN regexp_full_match(${text}, '${TIME}') THEN TRY_CAST(${text} AS TIME) END`;
    case 'timestamp':
      // A text without an offset is cast in the session's time zone, which is UTC.
      return `CASE WHEN ${isTimestamp(text)} THEN timezone('UTC', TRY_CAST(${text} AS TIMESTAMPTZ)) END`;
    case 'local_timestamp':
      // The cast takes an offset into account; of none at all nothing has to be cut off, which costs more than it does.
      return `CASE WHEN ${isTimestamp(text)} THEN CASE WHEN ${text} LIKE '%+00:00' THEN TRY_CAST(${text} AS TIMESTAMP)
    ELSE TRY_CAST(regexp_replace(${text}, '${OFFSET}$', '') AS TIMESTAMP) END END`;
    case 'json':
      return `TRY_CAST(${text} AS JSON)`;
    case 'list':
      return list(shape.of, type.slice('list('.length, -1), text);
  }
}

const DATE = '[0-9]{4}-[0-9]{2}-[0-9]{2}';
/** To the microsecond, which is what a column holds; more digits must be zeros. */
const TIME = '([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,6}0*)?)?';
const OFFSET = '(Z|[+-](0[0-9]|1[0-4])(:?[0-5][0-9])?)';

function isTimestamp(text: string): string {
  return `regexp_full_match(${text}, '${DATE}[T ]${TIME}${OFFSET}?')`;
}

/** 15: a number written with a fraction or an exponent is a double, which from 2^53 on may have lost its last digits. */
function whole(text: string, type: string): string {
  return `CASE WHEN regexp_full_match(${text}, '[+-]?[0-9]+|[+-]?[0-9]{1,15}[.]0+')
    THEN TRY_CAST(CASE WHEN contains(${text}, '.') THEN regexp_extract(${text}, '^[+-]?[0-9]+') ELSE ${text} END AS ${type}) END`;
}

/**
 * A JSON number with a fraction has come through a double: its text has 15 digits that are certain. A text has all
 * of them. A small number is written with an exponent there, and is taken where the decimal is equal to it.
 */
function decimal({ text, kind }: SqlValue, precision: number, scale: number): string {
  const type = `DECIMAL(${precision},${scale})`;
  const fraction = scale === 0 ? '[.]0+' : `[.][0-9]{1,${scale}}0*`;
  return `CASE
    WHEN regexp_full_match(${text}, '[+-]?[0-9]+(${fraction})?')
      AND (length(${text}) <= 16 OR NOT contains(${text}, '.') OR ${kind} = 'VARCHAR')
      THEN TRY_CAST(${text} AS ${type})
    WHEN regexp_full_match(${text}, '-?[0-9]([.][0-9]{1,14})?e-[0-9]+')
      AND CAST(TRY_CAST(${text} AS ${type}) AS DOUBLE) = TRY_CAST(${text} AS DOUBLE)
      THEN TRY_CAST(${text} AS ${type}) END`;
}

/** Of another type is a list where one of its items is; a null in it stays. */
function list(shape: TypeShape, type: ColumnType, text: string): string {
  const items = `json_extract(TRY_CAST(${text} AS JSON), '$[*]')`;
  const kind = 'json_type(item)';
  const item: SqlValue =
    shape.kind === 'json'
      ? { text: `nullif(CAST(item AS VARCHAR), 'null')`, kind }
      : { text: `json_extract_string(item, '$')`, kind };
  const typed = castShape(shape, type, item);
  return `CASE WHEN left(${text}, 1) = '['
    AND len(list_filter(${items}, lambda item: ${item.text} IS NOT NULL AND (${typed}) IS NULL)) = 0
    THEN list_transform(${items}, lambda item: ${typed}) END`;
}
