import { jsonText, NotJson } from '../../../handlers/json-text.ts';

/** Makes the JSON of a row that a transform returned; throws `NotJson` where it is no row. */
export type RowText = (row: unknown) => string;

/**
 * A Date is an instant; where a column is a calendar date or a time of day it says more than the column can hold, so
 * that only midnight in UTC is taken as a date. Fields that are no columns are left out.
 *
 * @param onUnknown called once for each field that is no column
 */
export function createRowText(
  columns: readonly { readonly name: string; readonly type: string }[],
  onUnknown: (field: string) => void,
): RowText {
  const types = new Map(columns.map(({ name, type }) => [name, type]));
  const unknown = new Set<string>();
  // Rows of one transform mostly have the same fields: they are looked up once.
  let usual: readonly string[] = [];
  return (row) => {
    if (!isRow(row)) throw new NotJson(`is ${kindOf(row)} and not an object of columns`);
    const text = isUsual(row, usual) ? JSON.stringify(row) : undefined;
    // So JSON writes a lone surrogate, which is refused; a backslash may stand there for other reasons.
    if (text !== undefined && !text.includes('\\ud')) return text;
    const names = Object.keys(row);
    let asItIs = true;
    for (const name of names) {
      const type = types.get(name);
      if (type !== undefined && !(row[name] instanceof Date && !INSTANTS.includes(type))) continue;
      asItIs = false;
      if (type !== undefined || unknown.has(name)) continue;
      unknown.add(name);
      onUnknown(name);
    }
    if (asItIs) {
      usual = names;
      return jsonText(row);
    }
    const known = names.filter((name) => types.has(name));
    return jsonText(
      Object.fromEntries(known.map((name) => [name, fitted(row[name], name, types.get(name))])),
    );
  };
}

/** Types that take an instant as it is. */
const INSTANTS: readonly string[] = ['string', 'json', 'timestamp', 'local_timestamp'];

/** Whether it has the usual fields in their order, and nothing in them that JSON would lose. */
function isUsual(row: Readonly<Record<string, unknown>>, usual: readonly string[]): boolean {
  let count = 0;
  for (const name in row) {
    if (name !== usual[count]) return false;
    count += 1;
    const value = row[name];
    switch (typeof value) {
      case 'string':
      case 'boolean':
      case 'undefined':
        continue;
      case 'number':
        if (!Number.isFinite(value)) return false;
        continue;
      default:
        if (value !== null) return false;
    }
  }
  return count === usual.length;
}

function isRow(value: unknown): value is Readonly<Record<string, unknown>> {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Date || value instanceof Map || value instanceof Set)
  );
}

function fitted(value: unknown, name: string, type = ''): unknown {
  if (!(value instanceof Date) || INSTANTS.includes(type)) return value;
  if (type !== 'date') throw new NotJson(`has a Date in ${name}, which is ${type}: return the value itself`);
  const text = Number.isNaN(value.getTime()) ? '' : value.toISOString();
  if (text.endsWith('T00:00:00.000Z')) return text.slice(0, -14);
  throw new NotJson(
    `has ${text === '' ? 'an invalid Date' : `the instant ${text}`} in ${name}, which is a date: return a text such as 2026-01-31`,
  );
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return `a ${value.constructor?.name ?? 'object'}`;
  return `a ${typeof value}`;
}
