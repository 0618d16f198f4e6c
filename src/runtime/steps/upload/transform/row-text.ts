import { jsonText, NotJson } from '../../../handlers/json-text.ts';

/** Writes the rows that a transform returned, for a line of its file. */
export interface RowText {
  /** `"r":{…}`, or `"v":[…]` with the values of the `listed` fields; throws `NotJson` where it is no row. */
  (row: unknown): string;
  /** Fields of most rows, whose names would be most of the text; empty until there is a row. */
  readonly listed: readonly string[];
}

/** Whether a text that `RowText` made is a list. */
export function isList(text: string): boolean {
  return text.startsWith('"v"');
}

/** Stands for undefined among listed values: DEL. A row that has it as a text is written as an object. */
export const LEFT_OUT = '\x7f';

/**
 * A row whose fields are those of the first one, and plain values, becomes a list of them. A Date is an instant; where a column is a calendar date or a time of day it says more than the column can hold, so
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
  let listed: readonly ListedField[] = [];
  const text = (row: unknown): string => {
    if (!isRow(row)) throw new NotJson(`is ${kindOf(row)} and not an object of columns`);
    const values = listedValues(row, listed);
    if (values !== undefined) {
      const list = JSON.stringify(values);
      // So JSON writes a lone surrogate, which is refused; a backslash may stand there for other reasons.
      if (!list.includes('\\ud')) return `"v":${list}`;
    }
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
      if (listed.length === 0) {
        listed = names.map((name) => ({ name, structured: /^(json|list)/.test(types.get(name) ?? '') }));
      }
      return `"r":${jsonText(row)}`;
    }
    const known = names.filter((name) => types.has(name));
    return `"r":${jsonText(
      Object.fromEntries(known.map((name) => [name, fitted(row[name], name, types.get(name))])),
    )}`;
  };
  return Object.defineProperty(text, 'listed', { get: () => listed.map(({ name }) => name) }) as RowText;
}

interface ListedField {
  readonly name: string;
  /** Of a column of JSON or lists, for which a text is something else than its characters. */
  readonly structured: boolean;
}

/** Types that take an instant as it is. */
const INSTANTS: readonly string[] = ['string', 'json', 'timestamp', 'local_timestamp'];

/** Undefined unless it has just these fields in their order, and nothing in them that a list of values would lose. */
function listedValues(
  row: Readonly<Record<string, unknown>>,
  listed: readonly ListedField[],
): unknown[] | undefined {
  const values: unknown[] = [];
  for (const name in row) {
    const field = listed[values.length];
    if (name !== field?.name) return undefined;
    const value = row[name];
    switch (typeof value) {
      case 'undefined':
        values.push(LEFT_OUT);
        continue;
      case 'string':
        if (value === LEFT_OUT) return undefined;
        break;
      case 'boolean':
        break;
      case 'number':
        if (!Number.isFinite(value)) return undefined;
        break;
      default:
        if (value !== null) return undefined;
        values.push(null);
        continue;
    }
    if (field.structured) return undefined;
    values.push(value);
  }
  return values.length === listed.length && values.length > 0 ? values : undefined;
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
