import type { Job, JobColumn } from '../../../spec/job.ts';
import { DUCKDB_TYPES } from '../../adapters/duckdb/types.ts';
import { configuration } from '../../errors.ts';
import { literal, literals } from '../../sql/quote.ts';

export type Reason =
  | 'wrong_type'
  | 'missing'
  | 'not_accepted'
  | 'below_min'
  | 'above_max'
  | 'outside_partition';

/** What a row must not be; the first rule whose condition holds is why it is set aside. */
export interface Rule {
  readonly reason: Reason;
  /** Index into the job's columns; null where the record itself is wrong. */
  readonly column: number | null;
  /** SQL over the columns that `recordQuery` names; NULL counts as false. */
  readonly condition: string;
}

/** Names inside the query: by number and with an underscore first, so that no column of a pipeline is called so. */
export const typed = (index: number) => `_typed_${index}`;
export const text = (index: number) => `_text_${index}`;

/** The rules of a row in the order of the columns, its partition last. */
export function rules(job: Job, columns: readonly JobColumn[], partition: string): Rule[] {
  const record: Rule = { reason: 'wrong_type', column: null, condition: "_record_kind <> 'OBJECT'" };
  return [record, ...columns.flatMap(columnRules), ...partitionRules(job, columns, partition)];
}

function columnRules(column: JobColumn, index: number): Rule[] {
  const value = typed(index);
  const found: Rule[] = [
    { reason: 'wrong_type', column: index, condition: `${text(index)} IS NOT NULL AND ${value} IS NULL` },
  ];
  if (column.required) found.push({ reason: 'missing', column: index, condition: `${value} IS NULL` });
  if (column.accepted !== undefined) {
    const type = DUCKDB_TYPES[column.type];
    const values =
      column.type === 'string'
        ? literals(column.accepted)
        : column.accepted.map((one) => `CAST(${literal(one)} AS ${type})`).join(', ');
    found.push({ reason: 'not_accepted', column: index, condition: `${value} NOT IN (${values})` });
  }
  if (column.min !== undefined) {
    const condition = `${value} < ${bound(column, column.min, Math.ceil)}`;
    found.push({ reason: 'below_min', column: index, condition });
  }
  if (column.max !== undefined) {
    const condition = `${value} > ${bound(column, column.max, Math.floor)}`;
    found.push({ reason: 'above_max', column: index, condition });
  }
  return found;
}

function bound(column: JobColumn, number: number, whole: (value: number) => number): string {
  if (column.type === 'double') return `CAST('${number}' AS DOUBLE)`;
  if (column.type !== 'integer') {
    throw configuration(
      `column ${column.name}: min and max are for integer and double, not for ${column.type}: remove them or change the type`,
    );
  }
  // Beyond 64 bits every bound means the same; a whole number keeps the comparison exact.
  const limit = 2 ** 64;
  return `CAST('${BigInt(whole(Math.max(-limit, Math.min(limit, number))))}' AS HUGEINT)`;
}

function partitionRules(job: Job, columns: readonly JobColumn[], partition: string): Rule[] {
  const name = job.load?.partition_column;
  if (name === undefined) return [];
  const index = columns.findIndex((column) => column.name === name);
  const column = columns[index];
  if (column === undefined) {
    throw configuration(`load.partition_column names "${name}", which is no column of ${job.pipeline}`);
  }
  const condition = `${dateOf(column, typed(index), job.timezone)} IS DISTINCT FROM ${literal(partition)}`;
  return [{ reason: 'outside_partition', column: index, condition }];
}

/** The calendar date of a value as text: of an instant in the schedule's time zone, else as it stands. */
function dateOf(column: JobColumn, value: string, timezone: string): string {
  switch (column.type) {
    case 'string':
      return value;
    case 'date':
      return `CAST(${value} AS VARCHAR)`;
    case 'local_timestamp':
      return `strftime(${value}, '%Y-%m-%d')`;
    case 'timestamp':
      return `strftime(timezone(${literal(timezone)}, timezone('UTC', ${value})), '%Y-%m-%d')`;
    default:
      throw configuration(
        `load.partition_column: ${column.name} is ${column.type}, but a date, a timestamp or a text is needed`,
      );
  }
}
