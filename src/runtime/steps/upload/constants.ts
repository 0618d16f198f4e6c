import { shapeOf } from '../../../spec/column-type.ts';
import type { Job, JobColumn } from '../../../spec/job.ts';
import type { Engine } from '../../adapters/duckdb/engine.ts';
import { configuration } from '../../errors.ts';
import { literal } from '../../sql/quote.ts';
import { bound } from './bound.ts';
import { cast } from './cast.ts';

/** SQL of a value that the spec gives a column, such as a default. */
export function constant({ type }: JobColumn, value: string | number | boolean): string {
  return cast(type, { text: literal(String(value)), kind: "'VARCHAR'" });
}

/** A key, its order and the partition are looked at as they are written, so a mask must leave them what they are. */
export function refuseUnusable({ key, load }: Job, columns: readonly JobColumn[]): void {
  const masked = (name: string | undefined) => columns.find((column) => column.name === name)?.mask?.kind;
  const names = [
    ...(key?.columns ?? []).filter((name) => masked(name) !== 'hash'),
    key?.by,
    load?.partition_column,
    load?.newest_by,
  ];
  const wrong = names.find((name) => masked(name) !== undefined);
  if (wrong === undefined) return;
  throw configuration(
    `column ${wrong} is masked (${masked(wrong)}) and its values tell rows or partitions apart: a key column may only be hashed, key.by, load.partition_column and load.newest_by not masked at all`,
  );
}

/** What the spec says of a column's values must be of the column's type, else no row could ever meet it. */
export async function refuseUnreadable(engine: Engine, columns: readonly JobColumn[]): Promise<void> {
  for (const column of columns) {
    const { name, type } = column;
    for (const value of column.accepted ?? []) {
      await refuse(engine, constant(column, value), `column ${name}: the accepted value "${value}"`, type);
    }
    if (column.default !== undefined) {
      const what = `column ${name}: the default "${column.default}"`;
      await refuse(engine, constant(column, column.default), what, type);
    }
    for (const side of ['min', 'max'] as const) {
      const value = column[side];
      if (value === undefined) continue;
      const sql = bound(column, value, side === 'min' ? 'up' : 'down');
      await refuse(engine, sql, `column ${name}: ${side} "${value}"`, type);
    }
    await refusePattern(engine, column);
  }
}

async function refuse(engine: Engine, sql: string, what: string, type: string): Promise<void> {
  const [row] = await engine.rows('look at the values of the spec', `SELECT (${sql}) IS NULL AS unreadable`);
  if (row?.unreadable === true) throw configuration(`${what} is not of type ${type}`);
}

async function refusePattern(engine: Engine, { name, type, pattern, max_length }: JobColumn): Promise<void> {
  if (pattern === undefined && max_length === undefined) return;
  if (shapeOf(type).kind !== 'string') {
    throw configuration(`column ${name}: pattern and max_length are for texts, not for ${type}: remove them`);
  }
  if (pattern === undefined) return;
  try {
    await engine.rows('look at a pattern', `SELECT regexp_full_match('', ${literal(pattern)})`);
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    throw configuration(`column ${name}: the pattern is not one of RE2: ${said}`, error);
  }
}
