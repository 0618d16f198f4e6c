import type { Measure, SampleRow } from '../ports/measure.ts';
import type { Dialect } from './dialect.ts';
import { offendingOf, type Source } from './measure.ts';
import type { SqlSession } from './session.ts';

/**
 * The first of the rows that a measure counts, in the order of their text, so that two warehouses show the same. The
 * author's query has columns and an order of its own.
 */
export async function sampleRows(
  session: SqlSession,
  dialect: Dialect,
  source: Source,
  measure: Measure,
  columns: readonly string[],
): Promise<SampleRow[]> {
  const offending = offendingOf(dialect, source, measure);
  if (offending === undefined) return [];
  const own = measure.kind === 'duplicates' ? measure.columns : columns;
  const shown = own.map((column) => `CAST(${dialect.identifier(column)} AS ${dialect.own.text})`);
  const select =
    measure.kind === 'offending'
      ? '*'
      : own.map((column, index) => `${shown[index]} AS ${dialect.identifier(column)}`).join(', ');
  const counted = measure.kind === 'duplicates' ? ', duplicates' : '';
  const order =
    measure.kind === 'offending' ? '' : `\nORDER BY ${shown.map((one) => `${one} NULLS LAST`).join(', ')}`;
  const rows = await session.rows(
    'look at a few of the rows',
    `${offending.before}SELECT ${select}${counted} FROM ${offending.from}${order}\nLIMIT 5`,
    source.values,
  );
  return rows.map((row) =>
    Object.fromEntries(Object.entries(row).map(([name, value]) => [name, textOf(value)])),
  );
}

function textOf(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (value instanceof Date) return value.toISOString();
  if (typeof value !== 'object') return String(value);
  return JSON.stringify(value, (_, one) => (typeof one === 'bigint' ? String(one) : one));
}
