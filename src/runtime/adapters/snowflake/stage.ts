import { INTERNAL_STAGE } from '../../../spec/stage.ts';
import type { ObjectStore } from '../../ports/object-store.ts';
import type { WarehouseColumn } from '../../ports/warehouse.ts';
import type { PublishedFile } from '../../receipt.ts';
import { type Place, tableName } from '../../sql-warehouse/dialect.ts';
import { FROM_FILE } from '../../sql-warehouse/publication.ts';
import type { SqlSession } from '../../sql-warehouse/session.ts';
import type { Staging } from '../../sql-warehouse/sql-warehouse.ts';
import { copyStatement, FILES_OF_A_COPY, rowsOfFiles } from './copy.ts';
import { snowflakeDialect } from './dialect.ts';
import { filesInBucket } from './stage-external.ts';
import { sendFiles } from './stage-internal.ts';

const NAME = '_pipegen_staging';

export interface SnowflakeStagingOptions {
  readonly session: SqlSession;
  readonly place: Place;
  /** Of the environment: the external stage, or `internal`. */
  readonly stage: string;
  /** For what is sent to an internal stage. */
  readonly scratch: string;
  readonly signal: AbortSignal;
}

/** Files where Snowflake can read them. */
export interface StagedFiles extends AsyncDisposable {
  /** The stage, as SQL without its `@`. */
  readonly stage: string;
  /** The names below it, in the order of the files. */
  readonly names: readonly string[];
}

/** Puts the files into a temporary table, which only this session sees and which is gone with it. */
export class SnowflakeStaging implements Staging {
  readonly table: string;
  readonly #options: SnowflakeStagingOptions;

  constructor(options: SnowflakeStagingOptions) {
    this.#options = options;
    this.table = tableName(snowflakeDialect, options.place, NAME);
  }

  async stage(
    store: ObjectStore,
    files: readonly PublishedFile[],
    columns: readonly WarehouseColumn[],
  ): Promise<number[]> {
    const { session } = this.#options;
    const all = [...columns, ...FROM_FILE.map((name): WarehouseColumn => ({ name, type: 'string' }))];
    const made = all.map(
      ({ name, type }) => `${snowflakeDialect.identifier(name)} ${snowflakeDialect.type(type)}`,
    );
    await session.run(
      'make the staging table',
      `CREATE OR REPLACE TEMPORARY TABLE ${this.table} (${made.join(', ')})`,
    );
    if (files.length === 0) return [];
    await using staged = await this.#reach(store, files);
    const counts: number[] = [];
    for (let from = 0; from < files.length; from += FILES_OF_A_COPY) {
      const names = staged.names.slice(from, from + FILES_OF_A_COPY);
      const copy = copyStatement(this.table, staged.stage, all, names);
      counts.push(...rowsOfFiles(await session.rows('stage the files', copy), names));
    }
    return counts;
  }

  #reach(store: ObjectStore, files: readonly PublishedFile[]): Promise<StagedFiles> {
    return this.#options.stage === INTERNAL_STAGE
      ? sendFiles(this.#options, store, files)
      : filesInBucket(this.#options, store, files);
  }
}
