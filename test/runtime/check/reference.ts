import type { CheckResult } from '../../../src/runtime/receipt.ts';
import type { Check } from '../../../src/spec/check.ts';

/** A row as a program holds it; times in milliseconds. */
export interface Record {
  id: number | null;
  status: string | null;
  delay: number | null;
  place: string | null;
  seen: number | null;
}

type Predicate = (row: Record) => boolean | null;

/** Conditions in SQL, and what they mean: true, false or null. */
export const CONDITIONS: { readonly [sql: string]: Predicate } = {
  'delay > 10': ({ delay }) => (delay === null ? null : delay > 10),
  "status = 'it''s'": ({ status }) => (status === null ? null : status === "it's"),
  'delay > 10 or status is null': ({ delay, status }) =>
    status === null || (delay === null ? null : delay > 10),
  'place is not null': ({ place }) => place !== null,
  'not (id < 3)': ({ id }) => (id === null ? null : id >= 3),
};

const END = Date.parse('2026-02-01T00:00:00Z');

/** What a check must measure, slowly; `places` is the table that referential looks into. */
export function expected(
  check: Check,
  all: readonly Record[],
  places: readonly string[],
): Pick<CheckResult, 'measured' | 'passed'> {
  const where = check.where === undefined ? undefined : CONDITIONS[check.where];
  const rows = all.filter((row) => where === undefined || where(row) === true);
  const share = (count: number, max: string) => ({
    measured: rows.length === 0 ? 0 : count / rows.length,
    // Shares here have no decimals.
    passed: count * 100 <= Number.parseInt(max, 10) * rows.length,
  });
  if (check.row_count !== undefined) {
    const { min = 0, max = rows.length } = check.row_count;
    return { measured: rows.length, passed: rows.length >= min && rows.length <= max };
  }
  if (check.null_rate !== undefined) {
    const column = check.null_rate.column as keyof Record;
    return share(rows.filter((row) => row[column] === null).length, check.null_rate.max);
  }
  if (check.duplicate_rate !== undefined) {
    const columns = check.duplicate_rate.columns as (keyof Record)[];
    const keys = rows
      .map((row) => columns.map((column) => row[column]))
      .filter((key) => !key.includes(null))
      .map((key) => JSON.stringify(key));
    return share(keys.length - new Set(keys).size, check.duplicate_rate.max);
  }
  if (check.referential !== undefined) {
    const lost = rows.filter(({ place }) => place !== null && !places.includes(place));
    return share(lost.length, check.referential.max);
  }
  if (check.freshness !== undefined) {
    const seen = rows.flatMap((row) => row.seen ?? []);
    if (seen.length === 0) return { measured: null, passed: false };
    const age = (END - Math.max(...seen)) / 1000;
    return { measured: age, passed: age <= Number.parseInt(check.freshness.max, 10) * 3600 };
  }
  const condition = CONDITIONS[check.sql?.condition ?? ''];
  if (check.sql?.condition !== undefined && condition !== undefined)
    return share(rows.filter((row) => condition(row) !== true).length, check.sql.max ?? '0%');
  const query = CONDITIONS[check.sql?.query?.replace('select * from partition_rows where ', '') ?? ''];
  const found = rows.filter((row) => query?.(row) === true).length;
  return { measured: found, passed: found <= (check.sql?.max_rows ?? 0) };
}
