import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { EXIT } from '../../../spec/exit-codes.ts';
import { writtenColumns } from '../../../spec/mask.ts';
import type { Engine } from '../../adapters/duckdb/engine.ts';
import type { Lanes } from '../../adapters/duckdb/lanes.ts';
import type { StepContext } from '../../context.ts';
import { StepError } from '../../errors.ts';
import { publishedName, quarantineName } from '../../object-names.ts';
import type { PublishedFile, QuarantineReason } from '../../receipt.ts';
import { filePath } from '../../sql/quote.ts';
import type { PageOfRows } from '../landed-pages.ts';
import { refuseUnreadable } from './constants.ts';
import { findDuplicates, keepDuplicates } from './duplicates.ts';
import type { GroupFiles } from './group-files.ts';
import { cut } from './groups.ts';
import { Masks } from './mask.ts';
import type { UploadColumn } from './new-column.ts';
import { createPages } from './pages.ts';
import type { PreparedGroups } from './prepared-groups.ts';
import * as publish from './publish.ts';
import type { StageFiles } from './records.ts';
import { readRepaired } from './repair.ts';
import { type Rule, rules } from './rules.ts';
import { stageQuery } from './stage.ts';

export interface StagedRows {
  quarantined: number;
  duplicates: number;
  /** Good rows with a null in their key: kept, since nobody can say whose duplicate they are. */
  keyless: number;
  reasons: QuarantineReason[];
  /** Records that the transform left out. */
  filtered: number;
  /** Rows that it made beyond the first of each record. */
  expanded: number;
}

export interface StagingOptions {
  readonly partition: string;
  readonly pages: readonly PageOfRows[];
  /** Declared ones, and those of new fields. */
  readonly columns: readonly UploadColumn[];
  readonly groups: PreparedGroups;
  readonly folder: string;
}

/** Groups of pages whose rows go into one published file, some 150,000 flights. */
const GROUPS_OF_FILE = 4;

/**
 * The rows of one partition, typed and judged: a parquet file for each group of its pages, so that memory does not
 * grow with the partition and rows stay in the order of their arrival.
 */
export class Staging {
  readonly #context: StepContext;
  readonly #options: StagingOptions;
  readonly #lanes: Lanes;
  readonly #rules: readonly Rule[];
  readonly #masks: Masks;
  /** Of each group of pages. */
  #parts: readonly string[] = [];
  #rows = 0;
  #filtered = 0;
  #expanded = 0;

  private constructor(context: StepContext, lanes: Lanes, options: StagingOptions) {
    this.#context = context;
    this.#lanes = lanes;
    this.#options = options;
    this.#rules = rules(context.job, options.columns, options.partition);
    this.#masks = new Masks(options.columns, context.secret);
  }

  /** Reads landed pages, each verified first; the records in each must be as many as were counted at landing. */
  static async read(context: StepContext, lanes: Lanes, options: StagingOptions): Promise<Staging> {
    const staging = new Staging(context, lanes, options);
    await staging.#fill();
    return staging;
  }

  async #fill(): Promise<void> {
    const { columns, pages, groups } = this.#options;
    await refuseUnreadable(this.#lanes.first, columns);
    for (const engine of this.#lanes.all) {
      // A join that built its table of the rows would give them back in another order.
      await engine.run('keep the order', "SET disabled_optimizers = 'build_side_probe_side,join_order'");
      await createPages(engine, this.#context.job, columns, pages);
    }
    let before = 0;
    const starts = groups.all.map((some) => {
      before += some.length;
      return before - some.length;
    });
    this.#parts = await this.#lanes.work([...groups.all.entries()], async (engine, [group, some]) =>
      this.#stage(engine, group, await groups.take(group), some, starts[group] ?? 0),
    );
    await findDuplicates(this.#lanes.first, this.#relation(), this.#rows, this.#context.job.key);
  }

  async #stage(
    engine: Engine,
    group: number,
    files: GroupFiles,
    pages: readonly PageOfRows[],
    before: number,
  ): Promise<string> {
    try {
      const path = join(this.#options.folder, `stage-${String(group).padStart(6, '0')}.parquet`);
      await this.#readInto(engine, path, files, group, pages, before);
      await this.#refuseOtherCount(engine, path, files, pages, before);
      this.#rows += files.rows.reduce((sum, rows) => sum + rows, 0);
      this.#filtered += files.filtered;
      this.#expanded += files.expanded;
      return path;
    } finally {
      await this.#options.groups.remove(group);
    }
  }

  async #readInto(
    engine: Engine,
    path: string,
    files: GroupFiles,
    group: number,
    pages: readonly PageOfRows[],
    before: number,
  ): Promise<void> {
    const { job } = this.#context;
    const { columns } = this.#options;
    const options = { job, columns, rules: this.#rules, masks: this.#masks, group, before };
    const read = (some: StageFiles) => {
      const query = publish.copyQuery(stageQuery(some, options), path, columns.length, 'snappy');
      return engine.run('read the pages', query, this.#masks.values);
    };
    try {
      await readRepaired(files, read);
    } catch (error) {
      // DuckDB names the local file; a person knows the object.
      const index = files.paths.findIndex((one) => String((error as Error).message).includes(one));
      if (!(error instanceof StepError) || index < 0) throw error;
      const message = error.message.replaceAll(files.paths[index] ?? '', pages[index]?.name ?? '');
      throw new StepError(error.exit, message, { cause: error });
    }
  }

  async #refuseOtherCount(
    engine: Engine,
    path: string,
    { rows }: GroupFiles,
    pages: readonly PageOfRows[],
    before: number,
  ): Promise<void> {
    const counts = await engine.rows(
      'count the records of each page',
      publish.pageCounts(publish.stageRelation([path])),
    );
    const counted = new Map(counts.map((row) => [Number(row.page), Number(row.rows)]));
    const wrong = pages.findIndex((_, index) => (counted.get(before + index + 1) ?? 0) !== rows[index]);
    const page = pages[wrong];
    if (page === undefined) return;
    throw new StepError(
      EXIT.defect,
      `${page.name} holds ${counted.get(before + wrong + 1) ?? 0} records and its receipt says ${rows[wrong]}: run extract again`,
    );
  }

  async count(): Promise<StagedRows> {
    const engine = this.#lanes.first;
    const { key } = this.#context.job;
    const stage = this.#relation();
    const broken = await engine.rows('count the rows set aside', publish.brokenCounts(stage));
    const duplicates = await engine.rows('count duplicates', 'SELECT count(*) AS rows FROM duplicate');
    const keyless =
      key === undefined ? [] : await engine.rows('count keyless rows', publish.keylessCount(stage));
    return {
      quarantined: broken.reduce((sum, row) => sum + Number(row.rows), 0),
      duplicates: Number(duplicates[0]?.rows),
      keyless: Number(keyless[0]?.rows ?? 0),
      reasons: broken.map((row) => ({ ...this.#cause(row.rule), rows: Number(row.rows) })),
      filtered: this.#filtered,
      expanded: this.#expanded,
    };
  }

  /** The first rows set aside, a sentence each. */
  async samples(): Promise<string[]> {
    const query = publish.brokenSamples(this.#relation());
    const rows = await this.#lanes.first.rows('look at the rows set aside', query);
    return rows.map((row) => {
      const { reason, column } = this.#cause(row.rule);
      const value = row.value === null ? '' : ` (${JSON.stringify(row.value)})`;
      return `${column ?? 'the record'} ${reason}${value} in ${row.page}, record ${row.position}`;
    });
  }

  #relation(parts = this.#parts): string {
    return publish.stageRelation(parts);
  }

  #cause(rule: unknown): { reason: string; column: string | null } {
    const { reason, column } = this.#rules[Number(rule)] ?? { reason: 'unknown', column: null };
    return { reason, column: column === null ? null : (this.#options.columns[column]?.name ?? null) };
  }

  /** In the order of their rows; none where no row is left. */
  async writePublished(): Promise<PublishedFile[]> {
    const columns = writtenColumns(this.#options.columns);
    const duplicates = await keepDuplicates(this.#lanes.first, this.#options.folder);
    const files = await this.#lanes.work(
      [...cut(this.#parts, GROUPS_OF_FILE).entries()],
      (engine, [n, parts]) =>
        this.#write(
          engine,
          `published-${n}`,
          publish.publishedQuery(this.#relation(parts), duplicates, columns),
          publishedName,
        ),
    );
    return files.filter((file) => file !== null);
  }

  writeQuarantine(): Promise<PublishedFile | null> {
    const { columns, partition } = this.#options;
    const query = publish.quarantineQuery(this.#relation(), columns, this.#rules, partition);
    return this.#write(this.#lanes.first, 'quarantine', query, quarantineName);
  }

  /** Writes parquet, named by its content, and counts the rows that are really in the file; null where it has none. */
  async #write(
    engine: Engine,
    kind: string,
    query: string,
    nameOf: typeof publishedName,
  ): Promise<PublishedFile | null> {
    const { job, store, signal } = this.#context;
    const { folder, partition } = this.#options;
    const file = join(folder, `${kind}.parquet`);
    await engine.run(`write the ${kind} file`, publish.copyQuery(query, file, this.#options.columns.length));
    const [metadata] = await engine.rows(
      `count the rows of the ${kind} file`,
      `SELECT num_rows AS rows FROM parquet_file_metadata(${filePath(file)})`,
    );
    const rows = Number(metadata?.rows);
    if (rows === 0) return null;
    const hash = createHash('sha256');
    await pipeline(createReadStream(file), hash, { signal });
    const sha256 = hash.digest('hex');
    const name = nameOf(job.pipeline, partition, sha256);
    const { size } = await stat(file);
    await store.putIfAbsent(name, { file }, sha256);
    return { name, size, sha256, rows };
  }
}
