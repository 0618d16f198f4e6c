import type { Job } from '../../../spec/job.ts';
import { dottedKeys, jsonPointer } from '../../sql/json-pointer.ts';
import { filePath, identifier, literal } from '../../sql/quote.ts';
import type { RecordPlan } from './record-plan.ts';

/** Some pages as DuckDB reads them: local paths in order of arrival, each named after its number from 1. */
export interface StageFiles {
  /**
   * `pages`: gzipped JSON documents with a list of records. `lines`: a row a line, `{"p":POSITION,"r":RECORD}`, with
   * `"e":MESSAGE` where no row could be made of the record.
   */
  readonly form: 'pages' | 'lines';
  readonly paths: readonly string[];
  /** Bytes of the largest page, or of the longest line, once it is decoded. */
  readonly largest: number;
  /** Whether half surrogate pairs were replaced in them. */
  readonly repaired: boolean;
  /** Records of each page that are read; all unless told. */
  readonly limit?: number | undefined;
}

/** Takes nothing out of a record. */
const NO_FIELDS: RecordPlan = { structure: '{"_":"VARCHAR"}', candidates: [] };

/**
 * The records of some pages in order: `_page`, `_position` in it from 1, `_record` as JSON, `_fields` as the plan takes
 * it apart, `_error` where a transform threw.
 *
 * @param before pages before these ones
 */
export function recordsQuery(files: StageFiles, job: Job, before = 0, plan = NO_FIELDS): string {
  const query = files.form === 'pages' ? ofPages(files, job, before, plan) : ofLines(files, before, plan);
  return files.limit === undefined ? query : `SELECT * FROM (${query}) WHERE _position <= ${files.limit}`;
}

function ofPages(files: StageFiles, job: Job, before: number, plan: RecordPlan): string {
  const keys = dottedKeys(job.extract?.records ?? '');
  return `SELECT _page, generate_subscripts(_records, 1) AS _position, unnest(_records) AS _record,
    unnest(_all) AS _fields, CAST(NULL AS VARCHAR) AS _error
  FROM (SELECT ${pageNumber('json[.]gz', before)} AS _page, ${lists(keys, plan)} FROM ${pagesTable(files)})`;
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

/** The records of a page twice: each as JSON, and taken apart. */
function lists(keys: readonly string[], plan: RecordPlan): string {
  const plain = keys.every((key) => /^[A-Za-z_][A-Za-z0-9_]*$/.test(key));
  if (!plain) {
    const list = `json_extract(json, ${literal(jsonPointer(keys))})`;
    return `json_extract(${list}, '$[*]') AS _records, json_transform(${list}, ${literal(`[${plan.structure}]`)}) AS _all`;
  }
  const path = `$${keys.map((key) => `."${key}"`).join('')}[*]`;
  const structure = keys.reduceRight(
    (inner, key) => `{${JSON.stringify(key)}:${inner}}`,
    `[${plan.structure}]`,
  );
  const place = keys.map((key) => `.${identifier(key)}`).join('');
  return `json_extract(json, ${literal(path)}) AS _records, json_transform(json, ${literal(structure)})${place} AS _all`;
}

function ofLines(files: StageFiles, before: number, plan: RecordPlan): string {
  const structure = `{"p":"BIGINT","e":"VARCHAR","r":${plan.structure}}`;
  return `SELECT _page, _line.p AS _position, _record, _line.r AS _fields, _line.e AS _error
  FROM (SELECT ${pageNumber('jsonl', before)} AS _page, json_transform(json, ${literal(structure)}) AS _line,
      json_extract(json, '/r') AS _record
    FROM read_json_objects([${files.paths.map(filePath).join(', ')}], format = 'newline_delimited',
      compression = 'uncompressed', filename = true, maximum_object_size = ${maximumObjectSize(files.largest)}))`;
}

function pageNumber(extension: string, before: number): string {
  return `${before} + CAST(regexp_extract(filename, '([0-9]+)[.]${extension}$', 1) AS INTEGER)`;
}

/** DuckDB holds a buffer of this size for each thread, so it stays near what the pages need. */
function maximumObjectSize(largest: number): number {
  return Math.max(largest, 64 * 1024) + 1024;
}
