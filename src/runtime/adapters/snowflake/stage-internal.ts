import { mkdtemp, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { snowflakeLiteral } from '../../../warehouse-tables/snowflake.ts';
import { temporary } from '../../errors.ts';
import type { ObjectStore } from '../../ports/object-store.ts';
import type { PublishedFile } from '../../receipt.ts';
import { tableName } from '../../sql-warehouse/dialect.ts';
import { linkObjects } from '../duckdb/link-objects.ts';
import { snowflakeDialect } from './dialect.ts';
import type { SnowflakeStagingOptions, StagedFiles } from './stage.ts';

/** A stage of the table itself would need no right to make one, but COPY can't select from it. */
const NAME = '_pipegen_files';

/**
 * Sends the files to a temporary stage inside Snowflake, under their numbers: `000001.parquet`. What is sent has been
 * compared with the receipt. The stage is dropped once it has been read, and is gone with the session in any case.
 */
export async function sendFiles(
  { session, place, scratch, signal }: SnowflakeStagingOptions,
  store: ObjectStore,
  files: readonly PublishedFile[],
): Promise<StagedFiles> {
  const stage = tableName(snowflakeDialect, place, NAME);
  await session.run('make a stage for the files', `CREATE OR REPLACE TEMPORARY STAGE ${stage}`);
  const folder = await mkdtemp(join(scratch, 'load-'));
  try {
    const paths = await linkObjects(store, files, folder, '.parquet', signal);
    // One by one, so that a failure says which.
    for (const [index, path] of paths.entries()) {
      const name = files[index]?.name;
      const [sent] = await session.rows(
        `send ${name} to Snowflake`,
        `PUT ${snowflakeLiteral(`file://${path}`)} @${stage} AUTO_COMPRESS = FALSE OVERWRITE = TRUE`,
      );
      if (sent?.status === 'UPLOADED') continue;
      throw temporary(`Snowflake's stage did not take ${name}: ${String(sent?.message ?? sent?.status)}`);
    }
    return {
      stage,
      names: paths.map((path) => basename(path)),
      [Symbol.asyncDispose]: async () => {
        // A lost session has taken it along, and no error of this may hide that of the load.
        await session.run('drop the stage', `DROP STAGE IF EXISTS ${stage}`).catch(() => undefined);
      },
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
