import { join } from 'node:path';
import type { Job } from '../../../spec/job.ts';
import type { Engine } from '../../adapters/duckdb/engine.ts';
import { filePath, identifier, literal } from '../../sql/quote.ts';

/** Rows whose keys are looked at together: what they need stays below 100 MB. */
const BUCKET = 2_000_000;

/**
 * Fills the table `duplicate` with the rows that give way to another of the same key, by `_group` and
 * `file_row_number`, which is the order of arrival too. In buckets of the key's hash; only rows whose hash is there
 * twice are compared by their keys, since equal hashes alone prove nothing.
 *
 * @param stage relation of the staged rows
 * @param rows in it
 */
export async function findDuplicates(
  engine: Engine,
  stage: string,
  rows: number,
  key: Job['key'],
): Promise<void> {
  await engine.run(
    'prepare the duplicates',
    'CREATE TABLE duplicate (_group INTEGER, file_row_number BIGINT)',
  );
  if (key === undefined) return;
  const buckets = Math.max(1, Math.ceil(rows / BUCKET));
  for (let bucket = 0; bucket < buckets; bucket += 1) {
    await engine.run(
      'look for keys that are there twice',
      `CREATE OR REPLACE TABLE candidate AS SELECT _key FROM ${stage}
WHERE _key IS NOT NULL AND _key % ${buckets} = ${bucket} GROUP BY _key HAVING count(*) > 1`,
    );
    await engine.run(
      'find duplicates',
      `INSERT INTO duplicate SELECT _group, file_row_number FROM ${stage} SEMI JOIN candidate USING (_key)
QUALIFY row_number() OVER (PARTITION BY ${key.columns.map(identifier).join(', ')} ORDER BY ${order(key)}) > 1`,
    );
  }
}

/** Writes the duplicates into the folder, for other engines. Returns their relation. */
export async function keepDuplicates(engine: Engine, folder: string): Promise<string> {
  const path = join(folder, 'duplicates.parquet');
  await engine.run('keep the duplicates', `COPY duplicate TO ${literal(path)} (FORMAT parquet)`);
  return `read_parquet(${filePath(path)}) AS duplicate`;
}

function order({ keep, by }: NonNullable<Job['key']>): string {
  if (keep === 'first') return '_group, file_row_number';
  const arrival = '_group DESC, file_row_number DESC';
  return keep === 'latest' ? `${identifier(by ?? '')} DESC NULLS LAST, ${arrival}` : arrival;
}
