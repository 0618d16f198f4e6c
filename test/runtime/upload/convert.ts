import { type ColumnType, shapeOf, type TypeShape } from '../../../src/spec/column-type.ts';

/** A value as DuckDB shows it in JSON: BIGINT and DECIMAL as text, a timestamp without its T. */
export type Value = string | number | boolean | null | Value[];

/** What a token of JSON is as the type; undefined where it is no value of it. */
export function convert(type: ColumnType, token: string): Value | undefined {
  return convertTo(shapeOf(type), token);
}

/** The text of a string, else the token as it stands. */
export function textOf(token: string): string {
  const value: unknown = JSON.parse(token);
  return typeof value === 'string' ? value : token;
}

function convertTo(shape: TypeShape, token: string): Value | undefined {
  const parsed: unknown = JSON.parse(token);
  const text = textOf(token);
  switch (shape.kind) {
    case 'string':
      return typeof parsed === 'object' ? undefined : text;
    case 'integer':
      return whole(text, 2n ** 63n - 1n);
    case 'bigint':
      return whole(text, 10n ** 38n - 1n);
    case 'decimal':
      return decimal(text, typeof parsed === 'string', shape.precision, shape.scale);
    case 'double':
      return typeof parsed !== 'boolean' && /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : undefined;
    case 'boolean':
      return text === 'true' ? true : text === 'false' ? false : undefined;
    case 'date':
      return typeof parsed === 'string' && isDate(text) ? text : undefined;
    case 'time':
      return /^([01]\d|2[0-3]):[0-5]\d:[0-5]\d$/.test(text) ? text : undefined;
    case 'timestamp':
    case 'local_timestamp':
      return moment(text, shape.kind === 'timestamp');
    case 'json':
      return token;
    case 'list': {
      if (!Array.isArray(parsed)) return undefined;
      const items = parsed.map((item) => (item === null ? null : convertTo(shape.of, JSON.stringify(item))));
      return items.includes(undefined) ? undefined : (items as Value[]);
    }
  }
}

function whole(text: string, greatest: bigint): string | undefined {
  if (!/^[+-]?\d+$|^[+-]?\d{1,15}\.0+$/.test(text)) return undefined;
  const value = BigInt(text.replace(/\..*/, '').replace('+', ''));
  return value > greatest || value < -greatest - 1n ? undefined : String(value);
}

function decimal(text: string, written: boolean, precision: number, scale: number): string | undefined {
  const parts = /^([+-]?)(\d+)(?:\.(\d+))?$/.exec(text);
  if (parts === null) return undefined;
  const [, sign, digits = '', fraction = ''] = parts;
  const kept = fraction.slice(0, scale).padEnd(scale, '0');
  if (/[1-9]/.test(fraction.slice(scale))) return undefined;
  if (!written && fraction !== '' && digits.length + fraction.length > 15) return undefined;
  const value = BigInt(digits + kept);
  if (value >= 10n ** BigInt(precision)) return undefined;
  const shown = String(value).padStart(scale + 1, '0');
  const point = scale === 0 ? shown : `${shown.slice(0, -scale)}.${shown.slice(-scale)}`;
  return sign === '-' && value !== 0n ? `-${point}` : point;
}

function moment(text: string, zoned: boolean): string | undefined {
  const match = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(Z|[+-]\d\d:\d\d)?$/.exec(text);
  if (match === null || !isDate(match[1] ?? '')) return undefined;
  const instant = new Date(`${match[1]}T${match[2]}${zoned ? (match[3] ?? 'Z') : 'Z'}`);
  return instant.toISOString().slice(0, 19).replace('T', ' ');
}

function isDate(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`);
  return (
    /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text)
  );
}
