import type { JobColumn } from '../../../spec/job.ts';
import { filePath, identifier, literal, literals } from '../../sql/quote.ts';
import type { Rule } from './rules.ts';

/** The staged rows; the number of a row in its file, from 0, comes with each. */
export function stageRelation(paths: readonly string[]): string {
  return `read_parquet([${paths.map(filePath).join(', ')}], file_row_number = true)`;
}

/** Rows of each page. */
export function pageCounts(stage: string): string {
  return `SELECT _page AS page, count(*) AS rows FROM ${stage} GROUP BY ALL`;
}

/** Rows that break a rule, by its number. */
export function brokenCounts(stage: string): string {
  return `SELECT _broken AS rule, count(*) AS rows FROM ${stage} WHERE _broken IS NOT NULL GROUP BY ALL ORDER BY ALL`;
}

/** The first rows that break a rule, for the message of a failure. */
export function brokenSamples(stage: string): string {
  return `SELECT _broken AS rule, left(_offending, 60) AS value, _name AS page, _position AS position
FROM ${stage} JOIN page USING (_page) WHERE _broken IS NOT NULL ORDER BY _group, file_row_number LIMIT 3`;
}

/** Good rows that have a null in their key. */
export function keylessCount(stage: string): string {
  return `SELECT count(*) AS rows FROM ${stage} WHERE _broken IS NULL AND _key IS NULL`;
}

/**
 * Of staged rows those that are published, in order of arrival: the written columns, the page that each came from, and a hash of the
 * columns for comparing rows: their texts with the separators of ASCII between them, and another one for null. MD5 since
 * nothing rests on it but that comparison, and it costs a quarter.
 *
 * @param duplicates relation of the rows that give way to another
 */
export function publishedQuery(
  stage: string,
  duplicates: string,
  columns: readonly Pick<JobColumn, 'name'>[],
): string {
  const names = columns.map((column) => identifier(column.name));
  const texts = names.map((name) => `coalesce(CAST(${name} AS VARCHAR), chr(30))`);
  // A column that is dropped is written nowhere, and all of them may be.
  const values = [
    ...names,
    '_name AS _pipegen_source_file',
    `md5(concat_ws(${['chr(31)', ...texts, "''"].join(', ')})) AS _pipegen_row_hash`,
  ];
  return `SELECT ${values.join(', ')}
FROM ${stage} LEFT JOIN page USING (_page) ANTI JOIN ${duplicates} USING (_group, file_row_number)
WHERE _broken IS NULL`;
}

/** The rows set aside: reason, column, value, page, position in it from 1, the record as JSON, partition. */
export function quarantineQuery(
  stage: string,
  columns: readonly JobColumn[],
  rules: readonly Rule[],
  partition: string,
): string {
  const reasons = literals(rules.map((rule) => rule.reason));
  const names = rules.map(({ column }) => (column === null ? 'NULL' : literal(columns[column]?.name ?? '')));
  return `SELECT [${reasons}][_broken + 1] AS reason,
  CAST([${names.join(', ')}][_broken + 1] AS VARCHAR) AS "column", _offending AS value,
  _name AS page, _position AS position, _record AS record, CAST(${literal(partition)} AS DATE) AS partition
FROM ${stage} LEFT JOIN page USING (_page) WHERE _broken IS NOT NULL`;
}

/** Values of a row group: what is gathered in memory before it is written. */
const GROUP_VALUES = 200_000;

/** Row groups are small, and smaller where there are many columns, since one is in memory as a whole. */
export function copyQuery(
  query: string,
  path: string,
  columns: number,
  compression: 'zstd' | 'snappy' = 'zstd',
): string {
  const rows = Math.max(1, Math.min(10, Math.floor(GROUP_VALUES / columns / VECTOR))) * VECTOR;
  return `COPY (${query}) TO ${literal(path)} (FORMAT parquet, COMPRESSION ${compression}, ROW_GROUP_SIZE ${rows})`;
}

/** Rows that DuckDB handles at a time. */
const VECTOR = 2048;
