import type { ColumnType } from '../../../src/spec/column.ts';
import type { Job, JobColumn } from '../../../src/spec/job.ts';

/** A record as texts of JSON by key, so that numbers keep all their digits. */
export type TextRecord = Record<string, string>;
export type Value = string | number | boolean | null;

export interface Reference {
  published: Record<string, Value>[];
  /** `reason column` of each, in order. */
  quarantined: string[];
  duplicates: number;
  keyless: number;
}

/** What upload must do, row by row and without a thought for speed. */
export function reference(job: Job, pages: readonly (readonly TextRecord[])[]): Reference {
  const columns = job.columns ?? [];
  const quarantined: string[] = [];
  const good: Record<string, Value>[] = [];
  for (const record of pages.flat()) {
    const row: Record<string, Value> = {};
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
  const keep = new Map<string, number>();
  let keyless = 0;
  good.forEach((row, index) => {
    const values = (job.key?.columns ?? []).map((name) => row[name] ?? null);
    if (job.key !== undefined && values.includes(null)) keyless += 1;
    const own = job.key === undefined || values.includes(null);
    const key = own ? `row ${index}` : JSON.stringify(values);
    if (!keep.has(key) || job.key?.keep === 'last') keep.set(key, index);
  });
  const kept = new Set(keep.values());
  const published = good.filter((_, index) => kept.has(index));
  return { published, quarantined, duplicates: good.length - published.length, keyless };
}

function read(column: JobColumn, record: TextRecord): { value: Value; reason?: string } {
  const token = column.from
    .map((path) => record[path])
    .find((one) => one !== undefined && one !== 'null' && !column.null_if.includes(textOf(one)));
  if (token === undefined) return column.required ? { value: null, reason: 'missing' } : { value: null };
  const value = convert(column.type, token);
  if (value === undefined) return { value: null, reason: 'wrong_type' };
  if (column.accepted !== undefined && !column.accepted.includes(String(value))) {
    return { value, reason: 'not_accepted' };
  }
  if (column.min !== undefined && Number(value) < column.min) return { value, reason: 'below_min' };
  if (column.max !== undefined && Number(value) > column.max) return { value, reason: 'above_max' };
  return { value };
}

function textOf(token: string): string {
  const value: unknown = JSON.parse(token);
  return typeof value === 'string' ? value : token;
}

/** As DuckDB shows it in JSON: BIGINT as text, a timestamp without its T. */
function convert(type: ColumnType, token: string): Value | undefined {
  const parsed: unknown = JSON.parse(token);
  const text = textOf(token);
  switch (type) {
    case 'string':
      return typeof parsed === 'object' ? undefined : text;
    case 'integer':
      if (typeof parsed === 'boolean' || !/^[+-]?\d+(\.0+)?$/.test(text)) return undefined;
      return String(BigInt.asIntN(64, BigInt(text.replace(/\..*/, '').replace('+', ''))));
    case 'double':
      return typeof parsed !== 'boolean' && /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : undefined;
    case 'boolean':
      return text === 'true' ? true : text === 'false' ? false : undefined;
    case 'date':
      return typeof parsed === 'string' && isDate(text) ? text : undefined;
    case 'timestamp':
    case 'local_timestamp': {
      const match = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(Z|[+-]\d\d:\d\d)?$/.exec(text);
      if (match === null || !isDate(match[1] ?? '')) return undefined;
      const wall = `${match[1]}T${match[2]}`;
      const instant = new Date(`${wall}${type === 'timestamp' ? (match[3] ?? 'Z') : 'Z'}`);
      return instant.toISOString().slice(0, 19).replace('T', ' ');
    }
  }
}

function isDate(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`);
  return (
    /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text)
  );
}
