import { snowflakeLiteral } from '../../../warehouse-tables/snowflake.ts';
import { configuration } from '../../errors.ts';
import type { ObjectStore } from '../../ports/object-store.ts';
import type { PublishedFile } from '../../receipt.ts';
import { tableName } from '../../sql-warehouse/dialect.ts';
import { snowflakeDialect } from './dialect.ts';
import type { SnowflakeStagingOptions, StagedFiles } from './stage.ts';

/**
 * Files of a bucket by an external stage over it. The stage may lie over the whole bucket or over a part of it: the
 * names begin where its URL ends.
 */
export async function filesInBucket(
  { session, place, stage }: SnowflakeStagingOptions,
  store: ObjectStore,
  files: readonly PublishedFile[],
): Promise<StagedFiles> {
  const { fold, identifier } = snowflakeDialect;
  const name = `${fold(place.database)}.${fold(place.schema)}.${fold(stage)}`;
  const schema = `${identifier(place.database)}.${identifier(place.schema)}`;
  // LIKE takes `_` for any character and ignores case: it finds the stage among others.
  const stages = await session.rows(
    `look for the stage ${name}`,
    `SHOW STAGES LIKE ${snowflakeLiteral(stage)} IN SCHEMA ${schema}`,
  );
  const found = stages.find((one) => one.name === fold(stage));
  if (found === undefined) {
    throw configuration(
      `there is no stage ${name} that this role may use: create it by the generated SQL for Snowflake, or grant USAGE on it to the role; or write stage: internal, and load sends the files itself`,
    );
  }
  const url = withSlash(String(found.url));
  const location = withSlash(store.location.replace(/^gs:/, 'gcs:'));
  if (!location.startsWith(url)) {
    throw configuration(
      `the stage ${name} is over ${url}, and the files are in ${location}: give the stage that URL, or choose another stage`,
    );
  }
  const below = location.slice(url.length);
  return {
    stage: tableName(snowflakeDialect, place, stage),
    names: files.map((file) => below + file.name),
    [Symbol.asyncDispose]: async () => undefined,
  };
}

function withSlash(url: string): string {
  return url.endsWith('/') ? url : `${url}/`;
}
