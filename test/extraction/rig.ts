import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { pino } from 'pino';
import { parse } from 'yaml';
import { createFilesStore } from '../../src/runtime/adapters/files/files-store.ts';
import type { StepContext, StepFunction } from '../../src/runtime/context.ts';
import { StepError } from '../../src/runtime/errors.ts';
import { runHash } from '../../src/runtime/identity.ts';
import type { ObjectStore } from '../../src/runtime/ports/object-store.ts';
import type { ExtractDetails, Receipt, UploadDetails } from '../../src/runtime/receipt.ts';
import { readReceipt } from '../../src/runtime/receipts.ts';
import { createRedactor } from '../../src/runtime/redact.ts';
import { runStep } from '../../src/runtime/run-step.ts';
import { createExtract } from '../../src/runtime/steps/extract.ts';
import { upload } from '../../src/runtime/steps/upload.ts';
import { EXIT } from '../../src/spec/exit-codes.ts';
import { type Job, jobHash, job as jobSchema, type WrittenJob } from '../../src/spec/job.ts';
import type { SliceGroup } from '../../src/spec/slice-group.ts';
import type { Step } from '../../src/spec/steps.ts';
import { createVirtualClock, type VirtualClock } from '../runtime/http/virtual-clock.ts';
import { rowsOf } from '../runtime/upload/rig.ts';

export const DAY = '2026-01-31';
export const KEY = '0123456789abcdef/+key 0123456789';

/** Hundreds of cases flush thousands of files to the disk; memory takes a quarter of the time. */
const ROOM = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

/** What the spec of this repository says of the errors of its API. */
export const ERRORS = parse(readFileSync(new URL('../../pipelines.yaml', import.meta.url), 'utf8')).sources
  .aviationstack.errors;

type WrittenExtract = NonNullable<WrittenJob['extract']>;
type Changes = Partial<Omit<WrittenExtract, 'source'>> & {
  source?: Record<string, unknown>;
  columns?: WrittenJob['columns'];
};

/** A pipeline of one list, without slices; what a test changes it says. */
export function jobOf(baseUrl: string, { source, columns, ...extract }: Changes = {}): Job {
  return jobSchema.parse({
    version: 1,
    pipeline: 'flights',
    environment: 'local',
    timezone: 'UTC',
    steps: ['extract', 'upload', 'load'],
    variables: {},
    store: { kind: 'files', root: 'lake' },
    warehouse: { kind: 'duckdb', path: 'warehouse.duckdb', schema: 'raw' },
    extract: {
      path: '/list',
      records: 'data',
      ...extract,
      source: {
        kind: 'http',
        base_url: baseUrl,
        auth: { kind: 'api_key', in: 'query', name: 'access_key', secret: 'API_KEY' },
        errors: ERRORS,
        ...source,
      },
    },
    columns: columns ?? [{ name: 'id', from: ['id'], type: 'integer', required: true }],
    contract: { bad_rows: 'quarantine', max_bad_rows: '100%' },
    load: { table: 'flights', on_empty: 'replace' },
    checks: [],
  });
}

/** How a step ended. */
export interface Ended {
  exit: number;
  /** Empty where it did not fail. */
  message: string;
  receipt: Receipt | undefined;
}

/** What a try of extract has of its own. */
export interface OneTry {
  group?: SliceGroup;
  /** Airflow's; it grows when a person clears the task. */
  maxTries?: number;
}

export interface Rig extends Disposable {
  readonly root: string;
  readonly store: ObjectStore;
  readonly clock: VirtualClock;
  readonly log: string[];
  extract(one?: OneTry): Promise<Ended>;
  upload(): Promise<Ended>;
  /** As it stands in the store. */
  receipt(step: Step, group?: SliceGroup): Promise<Receipt | undefined>;
  /** Names of the objects below a prefix, sorted. */
  names(prefix: string): Promise<string[]>;
  /** Bodies of the pages that the receipt of extract lists, in order. */
  pages(): Promise<string[]>;
  /** Values of a column as it was published, in order. */
  published(column: string): Promise<unknown[]>;
  /** Of each row set aside these fields; without any its reason, column and position. */
  aside(...fields: string[]): Promise<unknown[][]>;
}

export interface RigOptions {
  /** Where a run is already; else a new folder, that goes with the rig. */
  root?: string;
  secret?: string;
  store?: (store: ObjectStore) => ObjectStore;
}

/** Extract and upload of one partition with the protocol of receipts around them, real files and a virtual clock. */
export function openRig(job: Job, options: RigOptions = {}): Rig {
  const root = options.root ?? mkdtempSync(join(ROOM, 'pipegen-extraction-'));
  const own = createFilesStore(join(root, 'lake'));
  const clock = createVirtualClock();
  const log: string[] = [];
  const secret = options.secret ?? KEY;
  const run = runHash('flights', 'test');
  let tries = 0;

  const receiptOf = (step: Step, group?: SliceGroup) => readReceipt(own, job.pipeline, DAY, run, step, group);

  async function end(step: Step, work: StepFunction, { group, maxTries }: OneTry = {}): Promise<Ended> {
    tries += 1;
    const context: StepContext = {
      job,
      jobHash: jobHash(job),
      identity: {
        partitions: [DAY],
        dagId: 'flights',
        taskId: step,
        runId: 'test',
        run,
        tryNumber: tries,
        generation: maxTries ?? 0,
        ...(maxTries === undefined ? {} : { maxTries }),
        ...(group === undefined ? {} : { group }),
      },
      store: options.store?.(own) ?? own,
      log: pino({ base: null }, { write: (line) => void log.push(line) }),
      signal: new AbortController().signal,
      home: root,
      scratch: root,
      force: false,
      environment: {},
      secret: () => secret,
      redact: createRedactor([secret]),
    };
    try {
      const { nothing } = await runStep(context, step, work, false);
      return { exit: nothing ? EXIT.nothing : EXIT.done, message: '', receipt: await receiptOf(step, group) };
    } catch (error) {
      const exit = error instanceof StepError ? error.exit : EXIT.defect;
      return { exit, message: (error as Error).message, receipt: await receiptOf(step, group) };
    }
  }

  const detailsOf = async <Details>(step: Step) => (await receiptOf(step))?.details as Details;

  const rowsIn = async (name: string | undefined) =>
    name === undefined ? [] : rowsOf({ store: own, scratch: root } as StepContext, { name });

  return {
    root,
    store: own,
    clock,
    log,
    extract: (one) => end('extract', createExtract({ clock, random: () => 0.5 }), one),
    upload: () => end('upload', upload),
    receipt: receiptOf,
    async names(prefix) {
      const names: string[] = [];
      for await (const { name } of own.list(prefix)) names.push(name);
      return names.sort();
    },
    async pages() {
      const { slices } = await detailsOf<ExtractDetails>('extract');
      const names = slices.flatMap(({ pages }) => pages.map(({ name }) => name));
      return Promise.all(names.map(async (name) => gunzipSync((await own.read(name)) ?? '').toString()));
    },
    async published(column) {
      const { files } = await detailsOf<UploadDetails>('upload');
      return (await rowsIn(files[0]?.name)).map((row) => row[column]);
    },
    async aside(...fields) {
      const { quarantine } = await detailsOf<UploadDetails>('upload');
      const rows = await rowsIn(quarantine?.name);
      if (fields.length > 0) return rows.map((row) => fields.map((field) => row[field]));
      return rows.map((row) => [row.reason, row.column, Number(row.position)]);
    },
    [Symbol.dispose]: () => {
      if (options.root === undefined) rmSync(root, { recursive: true, force: true });
    },
  };
}

/** The `id` of every record in the pages of a list at `data`. */
export function idsIn(pages: readonly string[]): number[] {
  return pages.flatMap((page) => (JSON.parse(page).data as { id: number }[]).map(({ id }) => id));
}
