import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { EXIT } from '../../../spec/exit-codes.ts';
import type { JobColumn } from '../../../spec/job.ts';
import { Engine } from '../../adapters/duckdb/engine.ts';
import { decodedSize, linkObjects } from '../../adapters/duckdb/link-objects.ts';
import type { StepContext } from '../../context.ts';
import { configuration, StepError } from '../../errors.ts';
import { publishedName, quarantineName } from '../../object-names.ts';
import type { LandedPage, PublishedFile, QuarantineReason } from '../../receipt.ts';
import { filePath } from '../../sql/quote.ts';
import { refuseUnreadableAccepted } from './accepted.ts';
import * as publish from './publish.ts';
import { type Rule, rules } from './rules.ts';
import { stageQuery } from './stage.ts';

export interface StagedRows {
  quarantined: number;
  duplicates: number;
  /** Good rows with a null in their key: kept, since nobody can say whose duplicate they are. */
  keyless: number;
  reasons: QuarantineReason[];
}

/** The rows of one partition, typed and judged, in a DuckDB file of its own. */
export class Staging implements Disposable {
  readonly #context: StepContext;
  readonly #engine: Engine;
  readonly #columns: readonly JobColumn[];
  readonly #rules: readonly Rule[];
  readonly #partition: string;
  readonly #folder: string;

  private constructor(context: StepContext, engine: Engine, partition: string, folder: string) {
    const { job } = context;
    if (job.columns === undefined) throw configuration(`upload needs columns, and ${job.pipeline} has none`);
    this.#context = context;
    this.#engine = engine;
    this.#columns = job.columns;
    this.#rules = rules(job, job.columns, partition);
    this.#partition = partition;
    this.#folder = folder;
  }

  /** Reads landed pages, each verified first; the records in each must be as many as were counted at landing. */
  static async read(
    context: StepContext,
    partition: string,
    pages: readonly LandedPage[],
    folder: string,
  ): Promise<Staging> {
    const { store, signal, log } = context;
    const paths = await linkObjects(store, pages, folder, '.json.gz', signal);
    const largest = Math.max(...(await Promise.all(paths.map(decodedSize))));
    // A file rather than memory: what is staged then costs disk, whatever the size of the partition.
    const path = join(folder, 'staging.duckdb');
    const engine = await Engine.open({ path, scratch: folder, signal, log, largestPiece: largest });
    try {
      const staging = new Staging(context, engine, partition, folder);
      await staging.#fill(pages, paths, largest);
      return staging;
    } catch (error) {
      engine[Symbol.dispose]();
      throw error;
    }
  }

  async #fill(pages: readonly LandedPage[], paths: readonly string[], largest: number): Promise<void> {
    const engine = this.#engine;
    await refuseUnreadableAccepted(engine, this.#columns);
    const records = this.#context.job.extract?.records ?? '';
    const query = stageQuery({ paths, largest }, records, this.#columns, this.#rules);
    await engine.run('read the pages', query).catch((error) => {
      // DuckDB names the link; a person knows the object.
      const index = paths.findIndex((path) => String(error.message).includes(path));
      if (!(error instanceof StepError) || index < 0) throw error;
      const message = error.message.replaceAll(paths[index] ?? '', pages[index]?.name ?? '');
      throw new StepError(error.exit, message, { cause: error });
    });
    await engine.run('name the pages', publish.sourceQuery(pages.map((page) => page.name)));
    await engine.run('find duplicates', publish.duplicateQuery(this.#context.job.key));
    const counts = await engine.rows('count the records of each page', publish.PAGE_COUNTS);
    const counted = new Map(counts.map((row) => [row.name, Number(row.rows)]));
    const wrong = pages.find((page) => counted.get(page.name) !== page.records);
    if (wrong === undefined) return;
    throw new StepError(
      EXIT.defect,
      `${wrong.name} holds ${counted.get(wrong.name)} records and its receipt says ${wrong.records}: run extract again`,
    );
  }

  async count(): Promise<StagedRows> {
    const engine = this.#engine;
    const { key } = this.#context.job;
    const broken = await engine.rows('count the rows set aside', publish.BROKEN_COUNTS);
    const duplicates = await engine.rows('count duplicates', 'SELECT count(*) AS rows FROM duplicate');
    const keyless =
      key === undefined ? [] : await engine.rows('count keyless rows', publish.keylessQuery(key));
    return {
      quarantined: broken.reduce((sum, row) => sum + Number(row.rows), 0),
      duplicates: Number(duplicates[0]?.rows),
      keyless: Number(keyless[0]?.rows ?? 0),
      reasons: broken.map((row) => ({ ...this.#cause(row.rule), rows: Number(row.rows) })),
    };
  }

  /** The first rows set aside, a sentence each. */
  async samples(): Promise<string[]> {
    const rows = await this.#engine.rows('look at the rows set aside', publish.BROKEN_SAMPLES);
    return rows.map((row) => {
      const { reason, column } = this.#cause(row.rule);
      const value = row.value === null ? '' : ` (${JSON.stringify(row.value)})`;
      return `${column ?? 'the record'} ${reason}${value} in ${row.page}, record ${row.position}`;
    });
  }

  #cause(rule: unknown): { reason: string; column: string | null } {
    const { reason, column } = this.#rules[Number(rule)] ?? { reason: 'unknown', column: null };
    return { reason, column: column === null ? null : (this.#columns[column]?.name ?? null) };
  }

  writePublished(): Promise<PublishedFile> {
    return this.#write('published', publish.publishedQuery(this.#columns), publishedName);
  }

  writeQuarantine(): Promise<PublishedFile> {
    const query = publish.quarantineQuery(this.#columns, this.#rules, this.#partition);
    return this.#write('quarantine', query, quarantineName);
  }

  /** Writes parquet, named by its content, and counts the rows that are really in the file. */
  async #write(kind: string, query: string, nameOf: typeof publishedName): Promise<PublishedFile> {
    const { job, store } = this.#context;
    const file = join(this.#folder, `${kind}.parquet`);
    await this.#engine.run(`write the ${kind} file`, publish.copyQuery(query, file));
    const [metadata] = await this.#engine.rows(
      `count the rows of the ${kind} file`,
      `SELECT num_rows AS rows FROM parquet_file_metadata(${filePath(file)})`,
    );
    const hash = createHash('sha256');
    await pipeline(createReadStream(file), hash, { signal: this.#context.signal });
    const sha256 = hash.digest('hex');
    const name = nameOf(job.pipeline, this.#partition, sha256);
    const { size } = await stat(file);
    await store.putIfAbsent(name, { file }, sha256);
    return { name, size, sha256, rows: Number(metadata?.rows) };
  }

  [Symbol.dispose](): void {
    this.#engine[Symbol.dispose]();
  }
}
