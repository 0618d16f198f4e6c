import type { Job } from '../../../spec/job.ts';
import { dottedKeys, jsonPointer } from '../../sql/json-pointer.ts';
import { filePath, literal } from '../../sql/quote.ts';
import { listedFields } from './listed.ts';
import type { RecordPlan } from './record-plan.ts';

/** Some pages as DuckDB reads them: local paths in order of arrival, each named after its number from 1. */
export interface StageFiles {
  /**
   * `pages`: gzipped JSON documents with a list of records. `lines`: a row a line, `{"p":POSITION,"r":RECORD}`, with
   * `"e":MESSAGE` where no row could be made of the record; or `{"p":POSITION,"v":[…]}`, the values of `listed` fields.
   */
  readonly form: 'pages' | 'lines';
  readonly paths: readonly string[];
  /** Fields whose values stand in lists in some lines. */
  readonly listed?: readonly string[];
  /** Whether no line has anything but a list. */
  readonly allListed?: boolean;
  /** Bytes of the largest page, or of the longest line, once it is decoded. */
  readonly largest: number;
  /** Whether half surrogate pairs were replaced in them. */
  readonly repaired: boolean;
  /** Records of each page that are read; all unless told. */
  readonly limit?: number | undefined;
}

/** Takes nothing out of a record. */
const NO_FIELDS: RecordPlan = { structure: '{"_":"VARCHAR"}', fields: [], candidates: [] };

/**
 * The records of some pages in order: `_page`, `_position` in it from 1, `_record` as JSON; of lines also `_line`, as
 * it stands, `_fields` as the plan takes the record apart, `_error` where a transform threw.
 *
 * @param before pages before these ones
 */
export function recordsQuery(files: StageFiles, job: Job, before = 0, plan = NO_FIELDS): string {
  const query = files.form === 'pages' ? ofPages(files, job, before) : ofLines(files, before, plan);
  return files.limit === undefined ? query : `SELECT * FROM (${query}) WHERE _position <= ${files.limit}`;
}

function ofPages(files: StageFiles, job: Job, before: number): string {
  return `SELECT _page, generate_subscripts(_records, 1) AS _position, unnest(_records) AS _record
  FROM (SELECT ${pageNumber('.json.gz', before)} AS _page, json_extract(${listOfRecords(job)}, '$[*]') AS _records
    FROM ${pagesTable(files)})`;
}

/** The pages, each as `json`. */
export function pagesTable(files: StageFiles): string {
  return `read_json_objects([${files.paths.map(filePath).join(', ')}], format = 'unstructured',
      compression = 'gzip', filename = true, maximum_object_size = ${maximumObjectSize(files.largest)})`;
}

/** Of such a page the list of records, as JSON. */
export function listOfRecords(job: Job): string {
  const keys = dottedKeys(job.extract?.records ?? '');
  return keys.length === 0 ? 'json' : `json_extract(json, ${literal(jsonPointer(keys))})`;
}

function ofLines(files: StageFiles, before: number, plan: RecordPlan): string {
  const { listed = [], allListed = false } = files;
  const forms = [
    ...(listed.length === 0 ? [] : ['"v":["VARCHAR"]']),
    ...(allListed ? [] : [`"r":${plan.structure}`]),
  ];
  const structure = `{${['"p":"BIGINT"', '"e":"VARCHAR"', ...forms].join(',')}}`;
  let fields = listed.length === 0 ? '_parts.r' : listedFields(plan.structure, listed);
  if (forms.length > 1) fields = `CASE WHEN _parts.v IS NULL THEN _parts.r ELSE ${fields} END`;
  return `SELECT _page, _parts.p AS _position, json_extract(_line, '/r') AS _record, _line, ${fields} AS _fields,
    _parts.e AS _error
  FROM (SELECT ${pageNumber('.jsonl', before)} AS _page, json AS _line,
      json_transform(json, ${literal(structure)}) AS _parts
    FROM read_json_objects([${files.paths.map(filePath).join(', ')}], format = 'newline_delimited',
      compression = 'uncompressed', filename = true, maximum_object_size = ${maximumObjectSize(files.largest)}))`;
}

/** Files are named after their numbers, of six digits. */
function pageNumber(extension: string, before: number): string {
  return `${before} + CAST(left(right(filename, ${6 + extension.length}), 6) AS INTEGER)`;
}

/** DuckDB holds a buffer of this size for each thread, so it stays near what the pages need. */
function maximumObjectSize(largest: number): number {
  return Math.max(largest, 64 * 1024) + 1024;
}
