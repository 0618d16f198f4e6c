import { createHmac } from 'node:crypto';
import { shapeOf } from '../../../src/spec/column-type.ts';
import type { Job, JobColumn } from '../../../src/spec/job.ts';
import { convert, textOf, type Value } from './convert.ts';

/** A record as texts of JSON by key, so that numbers keep all their digits. */
export type TextRecord = Record<string, string>;

export interface Reference {
  published: Record<string, Value>[];
  /** `reason column` of each, in order. */
  quarantined: string[];
  duplicates: number;
  keyless: number;
}

type Row = Record<string, Value>;

/** What upload must do, row by row and without a thought for speed. */
export function reference(
  job: Job,
  pages: readonly (readonly TextRecord[])[],
  secret: (variable: string) => string,
): Reference {
  const columns = job.columns ?? [];
  const quarantined: string[] = [];
  const good: Row[] = [];
  for (const record of pages.flat()) {
    const row: Row = {};
    const broken = columns
      .map((column) => {
        const { value, reason } = read(column, record);
        row[column.name] = value;
        return reason === undefined ? undefined : `${reason} ${column.name}`;
      })
      .find((reason) => reason !== undefined);
    if (broken === undefined) good.push(row);
    else quarantined.push(broken);
  }
  const kept = new Set<number>();
  const newest = new Map<string, number>();
  let keyless = 0;
  good.forEach((row, index) => {
    const values = (job.key?.columns ?? []).map((name) => row[name] ?? null);
    if (job.key !== undefined && !values.includes(null)) {
      const key = JSON.stringify(values);
      const other = newest.get(key);
      if (other === undefined || gives(job.key, good[other] ?? {}, row)) newest.set(key, index);
    } else {
      if (job.key !== undefined) keyless += 1;
      kept.add(index);
    }
  });
  for (const index of newest.values()) kept.add(index);
  const published = good
    .filter((_, index) => kept.has(index))
    .map((row) => Object.fromEntries(columns.flatMap((column) => written(column, row, secret))));
  return { published, quarantined, duplicates: good.length - published.length, keyless };
}

/** Whether the earlier row gives way. */
function gives({ keep, by = '' }: NonNullable<Job['key']>, earlier: Row, later: Row): boolean {
  if (keep !== 'latest') return keep === 'last';
  const [a, b] = [earlier[by] ?? null, later[by] ?? null];
  if (a === null || b === null) return a === null;
  return BigInt(String(b)) >= BigInt(String(a));
}

function written(
  { name, mask }: JobColumn,
  row: Row,
  secret: (variable: string) => string,
): [string, Value][] {
  const value = row[name] ?? null;
  if (mask?.kind === 'drop') return [];
  if (mask === undefined || value === null) return [[name, value]];
  const text = String(value);
  switch (mask.kind) {
    case 'hash':
      return [[name, createHmac('sha256', secret(mask.pepper)).update(text).digest('hex')]];
    case 'partial': {
      const characters = [...text];
      return [[name, `***${characters.length > mask.keep ? characters.slice(-mask.keep).join('') : ''}`]];
    }
    case 'redact':
      return [[name, '***']];
  }
}

function read(column: JobColumn, record: TextRecord): { value: Value; reason?: string } {
  const { type, null_if, required, default: preset } = column;
  const asJson = ['json', 'list'].includes(shapeOf(type).kind);
  const token = column.from
    .map((path) => record[path])
    .find((one) => one !== undefined && one !== 'null' && !null_if.includes(asJson ? one : textOf(one)));
  if (token === undefined && preset === undefined) {
    return required ? { value: null, reason: 'missing' } : { value: null };
  }
  const value = convert(type, token ?? (asJson ? String(preset) : JSON.stringify(String(preset))));
  if (value === undefined) return { value: null, reason: 'wrong_type' };
  const reason = brokenRule(column, value);
  return reason === undefined ? { value } : { value, reason };
}

function brokenRule(
  { accepted, min, max, pattern, max_length }: JobColumn,
  value: Value,
): string | undefined {
  if (accepted !== undefined && !accepted.includes(String(value))) return 'not_accepted';
  if (min !== undefined && less(value, min)) return 'below_min';
  if (max !== undefined && less(max, value)) return 'above_max';
  if (pattern !== undefined && !new RegExp(`^(?:${pattern})$`, 'u').test(String(value))) return 'no_match';
  return max_length !== undefined && [...String(value)].length > max_length ? 'too_long' : undefined;
}

/** Numbers by their value, dates and times by their text. */
function less(a: Value, b: Value): boolean {
  const text = /^\d{4}-|:/.test(String(a));
  return text ? String(a) < String(b) : Number(a) < Number(b);
}
