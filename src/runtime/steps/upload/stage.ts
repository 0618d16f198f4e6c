import type { Job } from '../../../spec/job.ts';
import { identifier, literal, literals } from '../../sql/quote.ts';
import { cast } from './cast.ts';
import { constant } from './constants.ts';
import { listedRecord } from './listed.ts';
import { type Masks, withoutField } from './mask.ts';
import type { UploadColumn } from './new-column.ts';
import { type Candidate, planRecords, type RecordPlan } from './record-plan.ts';
import { recordsQuery, type StageFiles } from './records.ts';
import { NOT_UNICODE, type Rule, text, typed } from './rules.ts';
import { parentExpressions, sourcePaths } from './source-path.ts';

export interface StageOptions {
  readonly job: Job;
  readonly columns: readonly UploadColumn[];
  readonly rules: readonly Rule[];
  readonly masks: Masks;
  /** Number of this group of pages, from 0. */
  readonly group: number;
  /** Pages before this group. */
  readonly before: number;
}

/** Taken out of its line only where somebody wants to see it. */
function recordOf({ listed = [] }: StageFiles): string {
  const record = `json_extract(_line, '/r')`;
  return listed.length === 0 ? record : `coalesce(${record}, ${listedRecord(listed)})`;
}

/**
 * One row a record: `_group`, `_page` (from 1 over all groups) and `_position` in it from 1, the written columns by
 * their names, masked; `_broken`, the number of the first rule that it breaks, else NULL, and for those rows alone
 * `_offending`, the value as text, and `_record` as JSON; `_key`, a hash of the key of a good row, NULL where one of
 * its columns is; the bound values are those of the masks.
 */
export function stageQuery(files: StageFiles, options: StageOptions): string {
  const { job, columns, rules, masks } = options;
  const parents = parentExpressions(job, columns);
  const plan = planRecords(
    columns.map((column) => ({
      paths: sourcePaths(job, column),
      leaf: /^(json|list)/.test(column.type) && job.extract?.format?.kind !== 'csv' ? 'JSON' : 'VARCHAR',
    })),
    parents,
    files.listed,
  );
  const record = recordOf(files);
  const each = (expression: (column: UploadColumn, index: number) => string) =>
    columns.map(expression).join(',\n    ');
  const notUnicode = files.repaired ? `contains(CAST(_line AS VARCHAR), ${literal(NOT_UNICODE)})` : 'false';
  return `WITH record AS (
  ${recordsQuery(files, job, options.before, plan)}
), chosen AS (
  SELECT _page, _position, _line, ${noObject(plan)} AS _no_object, _error, ${notUnicode} AS _not_unicode,
    ${each((column, index) => choice(column, index, plan.candidates[index] ?? []))}
  FROM record${parents.length === 0 ? '' : ' LEFT JOIN page USING (_page)'}
), converted AS (
  SELECT *,
    ${each((column, index) => `${conversion(column, index, plan.candidates[index] ?? [])} AS ${typed(index)}`)}
  FROM chosen
), judged AS (
  SELECT *, CASE ${rules.map(({ condition }, index) => `WHEN ${condition} THEN ${index}`).join('\n      ')} END AS _broken
  FROM converted
), told AS (
  SELECT *, CASE WHEN _broken IS NOT NULL THEN ${record} END AS _told,
    CASE ${rules.map((rule, index) => `WHEN _broken = ${index} THEN ${offending(rule, record, options)}`).join('\n      ')} END AS _offending
  FROM judged
)${hidden(options)}, written AS (
  SELECT _page, _position, _broken, _offending, CAST(_told AS VARCHAR) AS _record,
    ${writtenOnes(columns)
      .map(({ column, index }) => `${maskedValue(column, index, masks)} AS ${identifier(column.name)}`)
      .join(',\n    ')}
  FROM ${lastOf(options)}
)
SELECT ${options.group} AS _group, *, ${keyHash(job.key)} AS _key FROM written`;
}

/** Of what is no object all fields are NULL; only then is it asked, since that reads the line again. */
function noObject({ fields }: RecordPlan): string {
  const asked = `coalesce(json_type(_line, '/r') <> 'OBJECT', json_type(_line, '/v') IS NULL)`;
  return fields.length === 0
    ? asked
    : `CASE WHEN coalesce(${fields.join(', ')}) IS NULL THEN ${asked} ELSE false END`;
}

/** Columns that are written, with their places among all. */
export function writtenOnes(columns: readonly UploadColumn[]): { column: UploadColumn; index: number }[] {
  return columns
    .map((column, index) => ({ column, index }))
    .filter(({ column }) => column.mask?.kind !== 'drop');
}

/** Text of the first of a column's places that has a value, and which it was; a text of `null_if` is none. */
function choice(column: UploadColumn, index: number, candidates: readonly Candidate[]): string {
  const none = column.null_if.length === 0 ? '' : ` AND %s NOT IN (${literals(column.null_if)})`;
  const present = (sql: string) => `${sql} IS NOT NULL${none.replace('%s', () => sql)}`;
  const [only] = candidates;
  if (only !== undefined && candidates.length === 1) {
    const value = none === '' ? only.text : `CASE WHEN ${present(only.text)} THEN ${only.text} END`;
    return `${value} AS ${text(index)}`;
  }
  const first = (result: (one: Candidate, at: number) => string) =>
    `CASE ${candidates.map((one, at) => `WHEN ${present(one.text)} THEN ${result(one, at)}`).join(' ')} END`;
  return `${first((one) => one.text)} AS ${text(index)}, ${first((_, at) => String(at))} AS _which_${index}`;
}

function conversion(column: UploadColumn, index: number, candidates: readonly Candidate[]): string {
  if (column.added === true) return text(index);
  const kind =
    candidates.length === 1
      ? (candidates[0]?.kind ?? 'NULL')
      : `CASE _which_${index} ${candidates.map((one, at) => `WHEN ${at} THEN ${one.kind}`).join(' ')} END`;
  const value = cast(column.type, { text: text(index), kind });
  if (column.default === undefined) return value;
  return `CASE WHEN ${text(index)} IS NULL THEN ${constant(column, column.default)} ELSE ${value} END`;
}

function offending(
  { reason, column: index }: Rule,
  record: string,
  { columns, masks }: StageOptions,
): string {
  if (reason === 'handler_error') return '_error';
  const masked = columns.some(({ mask }) => mask !== undefined);
  if (index === null) return masked ? 'NULL' : `CAST(${record} AS VARCHAR)`;
  const column = columns[index];
  return column === undefined ? 'NULL' : masks.masked(column, text(index));
}

function maskedFields({ job, columns }: StageOptions): (readonly string[])[] {
  return columns
    .filter(({ mask }) => mask !== undefined)
    .flatMap((column) => sourcePaths(job, column))
    .flatMap((path) => (path.kind === 'field' ? [path.keys] : []));
}

function lastOf(options: StageOptions): string {
  const { length } = maskedFields(options);
  return length === 0 ? 'told' : `hidden_${length - 1}`;
}

/** A step for each field of a masked column, which takes it out of the record that is set aside. */
function hidden(options: StageOptions): string {
  const steps = maskedFields(options).map(
    (keys, index) => `, hidden_${index} AS (
  SELECT * REPLACE (${withoutField('_told', keys)} AS _told) FROM ${index === 0 ? 'told' : `hidden_${index - 1}`}
)`,
  );
  return steps.join('');
}

function maskedValue(column: UploadColumn, index: number, masks: Masks): string {
  const value = typed(index);
  return column.mask === undefined ? value : masks.masked(column, `CAST(${value} AS VARCHAR)`);
}

function keyHash(key: Job['key']): string {
  if (key === undefined) return 'CAST(NULL AS UBIGINT)';
  const columns = key.columns.map(identifier);
  const complete = columns.map((column) => `${column} IS NOT NULL`).join(' AND ');
  return `CASE WHEN _broken IS NULL AND ${complete} THEN hash(${columns.join(', ')}) END`;
}
