import { shapeOf } from '../../../spec/column-type.ts';
import type { Job, JobColumn } from '../../../spec/job.ts';
import { configuration } from '../../errors.ts';
import { literal } from '../../sql/quote.ts';
import { bound } from './bound.ts';
import { constant } from './constants.ts';

export type Reason =
  | 'wrong_type'
  | 'handler_error'
  | 'not_unicode'
  | 'missing'
  | 'not_accepted'
  | 'below_min'
  | 'above_max'
  | 'no_match'
  | 'too_long'
  | 'outside_partition';

/** What a row must not be; the first rule whose condition holds is why it is set aside. */
export interface Rule {
  readonly reason: Reason;
  /** Index into the job's columns; null where the record itself is wrong. */
  readonly column: number | null;
  /** SQL over the columns that `stageQuery` names; NULL counts as false. */
  readonly condition: string;
}

/** Names inside the query: by number and with an underscore first, so that no column of a pipeline is called so. */
export const typed = (index: number) => `_typed_${index}`;
export const text = (index: number) => `_text_${index}`;

/** Stands for half of a surrogate pair, which is no character, in pages that held one: a noncharacter of Unicode. */
export const NOT_UNICODE = '\uFDD0';

/** The rules of a row: the record's own, then in the order of the columns, its partition last. */
export function rules(job: Job, columns: readonly JobColumn[], partition: string): Rule[] {
  const record: Rule[] = [
    { reason: 'handler_error', column: null, condition: '_error IS NOT NULL' },
    { reason: 'not_unicode', column: null, condition: '_not_unicode' },
    { reason: 'wrong_type', column: null, condition: '_no_object' },
  ];
  return [...record, ...columns.flatMap(columnRules), ...partitionRules(job, columns, partition)];
}

function columnRules(column: JobColumn, index: number): Rule[] {
  const value = typed(index);
  const found: Rule[] = [];
  const add = (reason: Reason, condition: string) => found.push({ reason, column: index, condition });
  add('wrong_type', `${text(index)} IS NOT NULL AND ${value} IS NULL`);
  if (column.required) add('missing', `${value} IS NULL`);
  if (column.accepted !== undefined) {
    const values = column.accepted.map((one) => constant(column, one));
    add('not_accepted', `${value} NOT IN (${values.join(', ')})`);
  }
  if (column.min !== undefined) add('below_min', `${value} < ${bound(column, column.min, 'up')}`);
  if (column.max !== undefined) add('above_max', `${value} > ${bound(column, column.max, 'down')}`);
  if (column.pattern !== undefined) {
    add('no_match', `NOT regexp_full_match(${value}, ${literal(column.pattern)})`);
  }
  if (column.max_length !== undefined) add('too_long', `length(${value}) > ${column.max_length}`);
  return found;
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
  switch (shapeOf(column.type).kind) {
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
