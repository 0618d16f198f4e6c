import type { JobColumn } from '../../../spec/job.ts';
import { jsonPointer } from '../../sql/json-pointer.ts';
import { filePath, identifier, literal, literals } from '../../sql/quote.ts';
import { cast } from './cast.ts';
import { type Rule, text, typed } from './rules.ts';

/** The pages as DuckDB reads them: local paths in order of arrival, each named `<its number from 1>.json.gz`. */
export interface PageFiles {
  readonly paths: readonly string[];
  /** Bytes of the largest page once it is decoded. */
  readonly largest: number;
}

/**
 * `CREATE TABLE stage`: one row a record, with `_page` and `_position` (its place in it, both from 1), the typed
 * columns, `_broken` (number of the first rule that it breaks, else NULL), and for those rows alone `_offending`
 * (the value as text) and `_record` (as JSON).
 */
export function stageQuery(
  pages: PageFiles,
  recordsPath: string,
  columns: readonly JobColumn[],
  rules: readonly Rule[],
): string {
  const pointers = columns.flatMap((column) => column.from.map(jsonPointer));
  let next = 1;
  const candidates = columns.map((column) => column.from.map(() => next++));
  const each = (expression: (column: JobColumn, index: number) => string) =>
    columns.map(expression).join(',\n    ');
  return `CREATE TABLE stage AS
WITH page AS (
  SELECT CAST(regexp_extract(filename, '([0-9]+)[.]json[.]gz$', 1) AS INTEGER) AS _page, json
  FROM read_json_objects([${pages.paths.map(filePath).join(', ')}], format = 'unstructured',
    compression = 'gzip', filename = true, maximum_object_size = ${maximumObjectSize(pages.largest)})
), list AS (
  SELECT _page, json_extract(${records(recordsPath)}, '$[*]') AS items FROM page
), record AS (
  SELECT _page, generate_subscripts(items, 1) AS _position, unnest(items) AS _record FROM list
), found AS (
  SELECT _page, _position, _record, json_type(_record) AS _record_kind,
    json_extract_string(_record, [${literals(pointers)}]) AS texts,
    json_type(_record, [${literals(pointers)}]) AS kinds
  FROM record
), chosen AS (
  SELECT _page, _position, _record, _record_kind,
    ${each((column, index) => choice(column, index, candidates[index] ?? []))}
  FROM found
), converted AS (
  SELECT *,
    ${each((column, index) => `${cast(column.type, text(index), kind(index))} AS ${typed(index)}`)}
  FROM chosen
), judged AS (
  SELECT *,
    CASE ${rules.map((rule, index) => `WHEN ${rule.condition} THEN ${index}`).join('\n      ')} END AS _broken
  FROM converted
)
SELECT _page, _position,
    ${each((column, index) => `${typed(index)} AS ${identifier(column.name)}`)},
  _broken,
  CASE ${rules.map((rule, index) => `WHEN _broken = ${index} THEN ${offending(rule)}`).join('\n    ')} END AS _offending,
  CASE WHEN _broken IS NOT NULL THEN CAST(_record AS VARCHAR) END AS _record
FROM judged`;
}

const kind = (index: number) => `_kind_${index}`;

/** The list of records in a page; without a path the page is the list. */
function records(path: string): string {
  return path === '' ? 'json' : `json_extract(json, ${literal(jsonPointer(path))})`;
}

/** DuckDB holds a buffer of this size for each thread, so it stays near what the pages need. */
function maximumObjectSize(largest: number): number {
  return Math.max(largest, 64 * 1024) + 1024;
}

/** Text and kind of the first of a column's paths that has a value; a text of `null_if` is none. */
function choice(column: JobColumn, index: number, candidates: readonly number[]): string {
  const present = (at: number) =>
    column.null_if.length === 0
      ? `texts[${at}] IS NOT NULL`
      : `texts[${at}] IS NOT NULL AND texts[${at}] NOT IN (${literals(column.null_if)})`;
  const first = (list: string) =>
    `CASE ${candidates.map((at) => `WHEN ${present(at)} THEN ${list}[${at}]`).join(' ')} END`;
  return `${first('texts')} AS ${text(index)}, ${first('kinds')} AS ${kind(index)}`;
}

function offending(rule: Rule): string {
  return rule.column === null ? 'CAST(_record AS VARCHAR)' : text(rule.column);
}
