import type { WarehouseColumn } from '../../../src/runtime/ports/warehouse.ts';
import type { Cell, Row } from './rig.ts';

type Query = (sql: string) => Promise<Record<string, unknown>[]>;
type Kind = 'duckdb' | 'snowflake';

/** Reads a table by SQL of its own, value by value as text, so that two warehouses can be compared. */
export function openReader(kind: Kind, query: Query) {
  return async (table: string, columns: readonly WarehouseColumn[]): Promise<Row[]> => {
    const name = (column: string) =>
      `"${(kind === 'snowflake' ? column.toUpperCase() : column).replaceAll('"', '""')}"`;
    // By number, since names may differ in nothing but what a driver makes of them.
    const texts = columns.map(
      (column, index) => `${text(kind, column.type, name(column.name))} AS "c${index}"`,
    );
    const rows = await query(`SELECT ${texts.join(', ')} FROM ${table}`);
    const read = rows.map((row) =>
      Object.fromEntries(
        columns.map(({ name, type }, index) => [name, canonical(type, (row[`c${index}`] ?? null) as Cell)]),
      ),
    );
    const keys = new Map(read.map((row) => [row, JSON.stringify(row)]));
    return read.sort((one, other) => ((keys.get(one) ?? '') < (keys.get(other) ?? '') ? -1 : 1));
  };
}

function text(kind: Kind, type: string, name: string): string {
  if (type === 'json' || type.startsWith('list(')) {
    return kind === 'duckdb' ? `CAST(to_json(${name}) AS VARCHAR)` : `TO_JSON(${name})`;
  }
  if (kind === 'duckdb') {
    return type.endsWith('timestamp')
      ? `strftime(${name}, '%Y-%m-%d %H:%M:%S.%f')`
      : `CAST(${name} AS VARCHAR)`;
  }
  if (type.endsWith('timestamp')) return `TO_VARCHAR(${name}, 'YYYY-MM-DD HH24:MI:SS.FF6')`;
  if (type === 'date') return `TO_VARCHAR(${name}, 'YYYY-MM-DD')`;
  return type === 'time' ? `TO_VARCHAR(${name}, 'HH24:MI:SS.FF6')` : `TO_VARCHAR(${name})`;
}

/** A text as every warehouse's becomes once it is read. */
export function canonical(type: string, text: Cell): Cell {
  if (text === null) return null;
  if (type === 'json' || type.startsWith('list(')) return JSON.stringify(sorted(parsed(text)));
  if (type === 'double') return String(Number(text));
  // Digits of a second that are zero may be left out.
  if (type === 'time' || type.endsWith('timestamp')) {
    const [whole = '', fraction = ''] = text.split('.');
    return `${whole}.${fraction.padEnd(6, '0')}`;
  }
  return text;
}

/** A number that JavaScript can't hold comes as its text. */
function parsed(text: string): unknown {
  const exact = (_: string, value: unknown, { source = '' }: { source?: string } = {}) =>
    typeof value === 'number' && source !== String(value) ? source : value;
  return JSON.parse(text, exact as Parameters<typeof JSON.parse>[1]);
}

/** Objects of Snowflake keep no order of their keys. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([key, one]) => [key, sorted(one)]),
  );
}
