import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ObjectStore } from '../../ports/object-store.ts';
import type { WarehouseColumn } from '../../ports/warehouse.ts';
import type { PublishedFile } from '../../receipt.ts';
import { filePath, identifier } from '../../sql/quote.ts';
import { FROM_FILE } from '../../sql-warehouse/publication.ts';
import type { Staging } from '../../sql-warehouse/sql-warehouse.ts';
import type { Engine } from './engine.ts';
import { linkObjects } from './link-objects.ts';
import { duckdbType } from './types.ts';

const NAME = '_pipegen_staging';

/** Reads the files into a temporary table; `scratch` is a folder for what a bucket must first be copied to. */
export class DuckdbStaging implements Staging {
  readonly table = `temp.main.${NAME}`;
  readonly #engine: Engine;
  readonly #scratch: string;
  readonly #signal: AbortSignal;

  constructor(engine: Engine, scratch: string, signal: AbortSignal) {
    this.#engine = engine;
    this.#scratch = scratch;
    this.#signal = signal;
  }

  async stage(
    store: ObjectStore,
    files: readonly PublishedFile[],
    columns: readonly WarehouseColumn[],
  ): Promise<number[]> {
    const typed = [
      ...columns.map(({ name, type }) => ({ name, type: duckdbType(type) })),
      ...FROM_FILE.map((name) => ({ name, type: 'VARCHAR' })),
    ];
    if (files.length === 0) {
      const nothing = typed.map(({ name, type }) => `CAST(NULL AS ${type}) AS ${identifier(name)}`);
      await this.#engine.run(
        'stage no rows',
        `CREATE OR REPLACE TEMP TABLE ${NAME} AS SELECT ${nothing.join(', ')} WHERE false`,
      );
      return [];
    }
    const folder = await mkdtemp(join(this.#scratch, 'load-'));
    try {
      const paths = await linkObjects(store, files, folder, '.parquet', this.#signal);
      const casts = typed.map(
        ({ name, type }) => `CAST(${identifier(name)} AS ${type}) AS ${identifier(name)}`,
      );
      await this.#engine.run(
        'stage the files',
        `CREATE OR REPLACE TEMP TABLE ${NAME} AS SELECT ${casts.join(', ')},
  CAST(regexp_extract(filename, '([0-9]+)[.]parquet$', 1) AS INTEGER) AS _file
FROM read_parquet([${paths.map(filePath).join(', ')}], filename = true)`,
      );
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
    const counts = await this.#engine.rows(
      'count the staged rows of each file',
      `SELECT _file, count(*) AS rows FROM ${this.table} GROUP BY ALL`,
    );
    const counted = new Map(counts.map((row) => [Number(row._file), Number(row.rows)]));
    return files.map((_, index) => counted.get(index + 1) ?? 0);
  }
}
