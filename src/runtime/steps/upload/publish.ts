import type { Job, JobColumn } from '../../../spec/job.ts';
import { identifier, literal, literals } from '../../sql/quote.ts';
import type { Rule } from './rules.ts';

/** `CREATE TABLE source`: the object name of each page by its number. */
export function sourceQuery(names: readonly string[]): string {
  return `CREATE TABLE source AS
SELECT unnest([${literals(names)}]) AS _name, unnest(range(1, ${names.length + 1})) AS _page`;
}

/** Records that DuckDB found in each page. */
export const PAGE_COUNTS = `SELECT _name AS name, count(_position) AS rows
FROM source LEFT JOIN stage USING (_page) GROUP BY ALL`;

/** Rows that break a rule, by its number. */
export const BROKEN_COUNTS = `SELECT _broken AS rule, count(*) AS rows
FROM stage WHERE _broken IS NOT NULL GROUP BY ALL ORDER BY ALL`;

/** The first rows that break a rule, for the message of a failure. */
export const BROKEN_SAMPLES = `SELECT _broken AS rule, left(_offending, 60) AS value, _name AS page, _position AS position
FROM stage JOIN source USING (_page) WHERE _broken IS NOT NULL ORDER BY _page, _position LIMIT 3`;

/** `CREATE TABLE duplicate`: the rows that give way to another of the same key; a null in the key makes none. */
export function duplicateQuery(key: Job['key']): string {
  if (key === undefined) return 'CREATE TABLE duplicate (_page INTEGER, _position BIGINT)';
  const columns = key.columns.map(identifier);
  const order = key.keep === 'first' ? '_page, _position' : '_page DESC, _position DESC';
  return `CREATE TABLE duplicate AS SELECT _page, _position FROM stage
WHERE _broken IS NULL AND ${columns.map((column) => `${column} IS NOT NULL`).join(' AND ')}
QUALIFY row_number() OVER (PARTITION BY ${columns.join(', ')} ORDER BY ${order}) > 1`;
}

/** Good rows that have a null in their key. */
export function keylessQuery(key: NonNullable<Job['key']>): string {
  const missing = key.columns.map((column) => `${identifier(column)} IS NULL`).join(' OR ');
  return `SELECT count(*) AS rows FROM stage WHERE _broken IS NULL AND (${missing})`;
}

/**
 * The published rows in order of arrival: the declared columns, the page that each came from, and a hash of the
 * declared columns for comparing rows. MD5 since nothing rests on it but that comparison, and it costs a quarter.
 */
export function publishedQuery(columns: readonly JobColumn[]): string {
  const names = columns.map((column) => identifier(column.name));
  const texts = names.map((name) => `CAST(${name} AS VARCHAR)`).join(', ');
  return `SELECT ${names.join(', ')}, _name AS _pipegen_source_file,
  md5(CAST(to_json([${texts}]) AS VARCHAR)) AS _pipegen_row_hash
FROM stage JOIN source USING (_page) ANTI JOIN duplicate USING (_page, _position)
WHERE _broken IS NULL ORDER BY _page, _position`;
}

/** The rows set aside: reason, column, value, page, position in it from 1, the record as JSON, partition. */
export function quarantineQuery(
  columns: readonly JobColumn[],
  rules: readonly Rule[],
  partition: string,
): string {
  const reasons = literals(rules.map((rule) => rule.reason));
  const names = rules.map(({ column }) => (column === null ? 'NULL' : literal(columns[column]?.name ?? '')));
  return `SELECT [${reasons}][_broken + 1] AS reason,
  CAST([${names.join(', ')}][_broken + 1] AS VARCHAR) AS "column", _offending AS value,
  _name AS page, _position AS position, _record AS record, CAST(${literal(partition)} AS DATE) AS partition
FROM stage JOIN source USING (_page) WHERE _broken IS NOT NULL ORDER BY _page, _position`;
}

/** Row groups are small, so that writing them needs little memory. */
export function copyQuery(query: string, path: string): string {
  return `COPY (${query}) TO ${literal(path)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 50000)`;
}
