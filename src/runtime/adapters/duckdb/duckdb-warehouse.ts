import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { EXIT } from '../../../spec/exit-codes.ts';
import { StepError } from '../../errors.ts';
import type { ObjectStore } from '../../ports/object-store.ts';
import type {
  CheckRun,
  LoadRecord,
  Measure,
  Relation,
  Warehouse,
  WarehouseColumn,
} from '../../ports/warehouse.ts';
import type { CheckResult, PublishedFile } from '../../receipt.ts';
import { measureQuery } from '../../sql/measure.ts';
import { filePath, identifier, literal } from '../../sql/quote.ts';
import type { Engine } from './engine.ts';
import { linkObjects } from './link-objects.ts';
import { openFile } from './open-file.ts';
import { prepareTable } from './schema-changes.ts';
import { CHECKS, LOADS, OWN_COLUMNS, type Place, tableName } from './tables.ts';
import { duckdbType } from './types.ts';

const STAGING = 'temp.main._pipegen_staging';
/** Columns that the published files bring besides the declared ones. */
const FROM_FILE = ['_pipegen_source_file', '_pipegen_row_hash'];

export interface DuckdbWarehouseOptions {
  /** Absolute. */
  readonly path: string;
  readonly schema: string;
  readonly scratch: string;
  readonly signal: AbortSignal;
  readonly log: Logger;
  /** Milliseconds to wait for another process that has the file open; a minute unless told. */
  readonly patience?: number;
}

/** A DuckDB file as warehouse. It has one writer: no other process reads or writes it until this is disposed of. */
export async function openDuckdbWarehouse(options: DuckdbWarehouseOptions): Promise<Warehouse> {
  const engine = await openFile(options, options.patience);
  try {
    const [row] = await engine.rows('look at the database', 'SELECT current_database() AS catalog');
    return new DuckdbWarehouse(engine, { catalog: String(row?.catalog), schema: options.schema }, options);
  } catch (error) {
    engine[Symbol.dispose]();
    throw error;
  }
}

class DuckdbWarehouse implements Warehouse {
  readonly #engine: Engine;
  readonly #place: Place;
  readonly #options: DuckdbWarehouseOptions;

  constructor(engine: Engine, place: Place, options: DuckdbWarehouseOptions) {
    this.#engine = engine;
    this.#place = place;
    this.#options = options;
  }

  nameOf(table: string): string {
    return `${this.#place.schema}.${table}`;
  }

  #table(table: string): string {
    return tableName(this.#place, table);
  }

  prepare(table: string, columns: readonly WarehouseColumn[]): Promise<void> {
    return prepareTable(this.#engine, this.#place, table, columns);
  }

  async loads(table: string, partition: string): Promise<LoadRecord[]> {
    const rows = await this.#engine.rows(
      `look up the loads of ${partition}`,
      `SELECT load_id, pipeline, run_id, job, epoch_ms(extracted_at) AS extracted_at, rows, files
FROM ${this.#table(LOADS)} WHERE table_name = $1 AND partition = CAST($2 AS DATE) ORDER BY committed_at`,
      [table, partition],
    );
    return rows.map((row) => ({
      loadId: String(row.load_id),
      pipeline: String(row.pipeline),
      table,
      partition,
      runId: String(row.run_id),
      job: String(row.job),
      extractedAt: new Date(Number(row.extracted_at)).toISOString(),
      rows: Number(row.rows),
      files: JSON.parse(String(row.files)) as string[],
    }));
  }

  async stage(
    store: ObjectStore,
    files: readonly PublishedFile[],
    columns: readonly WarehouseColumn[],
  ): Promise<number[]> {
    const { scratch, signal } = this.#options;
    const typed = [
      ...columns.map(({ name, type }) => ({ name, type: duckdbType(type) })),
      ...FROM_FILE.map((name) => ({ name, type: 'VARCHAR' })),
    ];
    const casts = typed.map(
      ({ name, type }) => `CAST(${identifier(name)} AS ${type}) AS ${identifier(name)}`,
    );
    if (files.length === 0) {
      const nothing = typed.map(({ name, type }) => `CAST(NULL AS ${type}) AS ${identifier(name)}`);
      await this.#engine.run(
        'stage no rows',
        `CREATE OR REPLACE TEMP TABLE _pipegen_staging AS SELECT ${nothing.join(', ')}, 0 AS _file WHERE false`,
      );
      return [];
    }
    const folder = await mkdtemp(join(scratch, 'load-'));
    try {
      const paths = await linkObjects(store, files, folder, '.parquet', signal);
      await this.#engine.run(
        'stage the files',
        `CREATE OR REPLACE TEMP TABLE _pipegen_staging AS SELECT ${casts.join(', ')},
  CAST(regexp_extract(filename, '([0-9]+)[.]parquet$', 1) AS INTEGER) AS _file
FROM read_parquet([${paths.map(filePath).join(', ')}], filename = true)`,
      );
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
    const counts = await this.#engine.rows(
      'count the staged rows of each file',
      `SELECT _file, count(*) AS rows FROM ${STAGING} GROUP BY ALL`,
    );
    const counted = new Map(counts.map((row) => [Number(row._file), Number(row.rows)]));
    return files.map((_, index) => counted.get(index + 1) ?? 0);
  }

  async measure(relation: Relation, measures: readonly Measure[]): Promise<number[]> {
    if (measures.length === 0) return [];
    const from =
      relation === 'staging'
        ? STAGING
        : `${this.#table(relation.table)} WHERE _pipegen_partition = CAST(${literal(relation.partition)} AS DATE)`;
    const [row] = await this.#engine.rows('measure', measureQuery(from, measures));
    return measures.map((_, index) => Number(row?.[`measure_${index}`]));
  }

  async publish(
    load: LoadRecord,
    columns: readonly WarehouseColumn[],
    proceed: (committed: readonly LoadRecord[]) => boolean,
  ): Promise<boolean> {
    const { table, partition } = load;
    return this.#transaction(async () => {
      await this.#engine.run(
        `delete the partition ${partition} of ${this.nameOf(table)}`,
        `DELETE FROM ${this.#table(table)} WHERE _pipegen_partition = CAST($1 AS DATE)`,
        [partition],
      );
      if (!proceed(await this.loads(table, partition))) return false;
      const inserted = await this.#insert(load, columns);
      if (inserted !== load.rows) {
        throw new StepError(
          EXIT.defect,
          `${inserted} rows were put into ${this.nameOf(table)} and ${load.rows} were published: nothing of it was kept`,
        );
      }
      await this.#record(load);
      return true;
    });
  }

  #insert(load: LoadRecord, columns: readonly WarehouseColumn[]): Promise<number> {
    const declared = columns.map(({ name }) => identifier(name));
    const own = OWN_COLUMNS.map(([name]) => identifier(name));
    return this.#engine.run(
      `insert into ${this.nameOf(load.table)}`,
      `INSERT INTO ${this.#table(load.table)} (${[...declared, ...own].join(', ')})
SELECT ${declared.join(', ')}, CAST($1 AS DATE), $2, $3, CAST($4 AS TIMESTAMP), timezone('UTC', now()),
  ${FROM_FILE.map(identifier).join(', ')}
FROM ${STAGING}`,
      [load.partition, load.loadId, load.runId, load.extractedAt],
    );
  }

  /** After all earlier loads of the partition, also where the clock was set back. */
  async #record(load: LoadRecord): Promise<void> {
    const loads = this.#table(LOADS);
    await this.#engine.run(
      'record the load',
      `INSERT INTO ${loads}
  (load_id, pipeline, table_name, partition, run_id, job, extracted_at, rows, files, committed_at)
SELECT $1, $2, $3, CAST($4 AS DATE), $5, $6, CAST($7 AS TIMESTAMP), CAST($8 AS BIGINT), $9,
  greatest(timezone('UTC', now()), max(committed_at) + INTERVAL 1 MICROSECOND)
FROM ${loads} WHERE table_name = $3 AND partition = CAST($4 AS DATE)`,
      [
        ...[load.loadId, load.pipeline, load.table, load.partition, load.runId, load.job, load.extractedAt],
        BigInt(load.rows),
        JSON.stringify(load.files),
      ],
    );
  }

  async recordChecks(run: CheckRun, results: readonly CheckResult[]): Promise<void> {
    const checks = this.#table(CHECKS);
    const owner = [run.pipeline, run.table, run.partition, run.runId, run.when];
    await this.#transaction(async () => {
      await this.#engine.run(
        'forget the checks of an earlier try',
        `DELETE FROM ${checks} WHERE pipeline = $1 AND table_name = $2 AND partition = CAST($3 AS DATE)
  AND run_id = $4 AND stage = $5`,
        owner,
      );
      for (const one of results) {
        await this.#engine.run(
          `record the check ${one.name}`,
          `INSERT INTO ${checks} (pipeline, table_name, partition, run_id, stage, check_name, kind, severity,
  passed, measured, expected, checked_at)
VALUES ($1, $2, CAST($3 AS DATE), $4, $5, $6, $7, $8, $9, CAST($10 AS DOUBLE), $11, timezone('UTC', now()))`,
          [...owner, one.name, one.kind, one.severity, one.passed, one.measured, one.expected],
        );
      }
      return true;
    });
  }

  /** COMMIT where the work says so, else ROLLBACK; after an error ROLLBACK, and the first error is thrown. */
  async #transaction(work: () => Promise<boolean>): Promise<boolean> {
    await this.#engine.run('begin', 'BEGIN TRANSACTION');
    try {
      const keep = await work();
      await this.#engine.run(keep ? 'commit' : 'roll back', keep ? 'COMMIT' : 'ROLLBACK');
      return keep;
    } catch (error) {
      // Closing the file ends the transaction too, should this fail.
      await this.#engine.run('roll back', 'ROLLBACK').catch(() => undefined);
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#engine[Symbol.dispose]();
  }
}
