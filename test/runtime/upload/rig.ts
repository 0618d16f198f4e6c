import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import { pino } from 'pino';
import { createFilesStore } from '../../../src/runtime/adapters/files/files-store.ts';
import type { Outcome, StepContext, StepFunction, Work } from '../../../src/runtime/context.ts';
import { runHash } from '../../../src/runtime/identity.ts';
import { landingFolder, pageName } from '../../../src/runtime/object-names.ts';
import type { ExtractDetails, LandedSlice, Receipt, UploadDetails } from '../../../src/runtime/receipt.ts';
import { NO_ROWS } from '../../../src/runtime/receipt.ts';
import { createRedactor } from '../../../src/runtime/redact.ts';
import { filePath } from '../../../src/runtime/sql/quote.ts';
import type { ColumnType } from '../../../src/spec/column-type.ts';
import { type Job, jobHash, job as jobSchema, type WrittenJob } from '../../../src/spec/job.ts';
import type { Step } from '../../../src/spec/steps.ts';

export const PARTITION = '2026-01-31';

type WrittenColumn = NonNullable<WrittenJob['columns']>[number];
/** Columns are texts unless they say otherwise. */
export type Columns = (Omit<WrittenColumn, 'type'> & { type?: ColumnType })[];
export type JobChanges = Omit<Partial<WrittenJob>, 'columns'> & { columns?: Columns };

/** A pipeline of the five steps in a folder of its own, with the real store; what a test changes it says. */
export function writeJob({ columns = [{ name: 'id', from: ['id'] }], ...changes }: JobChanges = {}): Job {
  return jobSchema.parse({
    version: 1,
    pipeline: 'flights',
    environment: 'local',
    timezone: 'UTC',
    steps: ['extract', 'upload', 'load', 'check', 'dbt'],
    variables: {},
    store: { kind: 'files', root: 'lake' },
    warehouse: { kind: 'duckdb', path: 'warehouse/test.duckdb', schema: 'raw' },
    extract: { source: { kind: 'http', base_url: 'http://127.0.0.1' }, path: '/flights', records: 'data' },
    columns: columns.map((column) => ({ type: 'string', ...column })),
    contract: { bad_rows: 'quarantine', max_bad_rows: '100%' },
    load: { table: 'flights' },
    checks: [],
    ...changes,
  });
}

export interface Rig extends Disposable {
  readonly home: string;
  readonly context: StepContext;
  readonly log: string[];
}

export function openRig(job: Job, changes: Partial<StepContext> = {}, home?: string): Rig {
  const folder = home ?? mkdtempSync(join(tmpdir(), 'pipegen-test-'));
  // Inside the folder, so that it goes with it also after SIGKILL.
  const scratch = mkdtempSync(join(folder, 'scratch-'));
  const log: string[] = [];
  const runId = 'manual__1';
  const context: StepContext = {
    job,
    jobHash: jobHash(job),
    identity: {
      partitions: [PARTITION],
      dagId: job.pipeline,
      taskId: 'test',
      runId,
      run: runHash(job.pipeline, runId),
      tryNumber: 1,
      generation: 0,
    },
    store: createFilesStore(join(folder, 'lake')),
    log: pino({ level: 'info' }, { write: (line: string) => void log.push(line) }),
    signal: new AbortController().signal,
    home: folder,
    scratch,
    force: false,
    environment: process.env,
    secret: () => '',
    redact: createRedactor([]),
    ...changes,
  };
  return {
    home: folder,
    context,
    log,
    [Symbol.dispose]: () => {
      rmSync(scratch, { recursive: true, force: true });
      if (home === undefined) rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The receipt that a step would have left. */
export function receiptOf(context: StepContext, step: Step, partition: string, outcome: Outcome): Receipt {
  const { job, identity } = context;
  return {
    version: 1,
    pipeline: job.pipeline,
    partition,
    step,
    status: outcome.status,
    run: identity.run,
    run_id: identity.runId,
    generation: 0,
    job: context.jobHash,
    try_number: 1,
    started_at: '2026-02-01T06:00:00.000Z',
    message: outcome.message,
    requests: 0,
    rows: { ...NO_ROWS, ...outcome.rows },
    details: outcome.details,
  };
}

/** One step over one partition, without the protocol of receipts. */
export async function runOne(step: StepFunction, context: StepContext, work: Work): Promise<Outcome> {
  let outcome: Outcome | undefined;
  await step(context, [work], {
    finish: async (_partition, one) => {
      outcome = one;
    },
    spent: () => undefined,
    keep: () => undefined,
  });
  if (outcome === undefined) throw new Error('the step finished no partition');
  return outcome;
}

export interface Landing {
  partition?: string;
  extractedAt?: string;
  total?: number | null;
  folder?: string;
}

/** Lands pages as extract does: texts of JSON documents, by slice; `records` of each page are counted here. */
export async function land(
  context: StepContext,
  slices: Record<string, readonly string[]>,
  options: Landing = {},
): Promise<Work> {
  const partition = options.partition ?? PARTITION;
  const { job, identity, store } = context;
  const landed: LandedSlice[] = [];
  for (const [value, documents] of Object.entries(slices)) {
    const base = landingFolder(job.pipeline, partition, options.folder ?? identity.run, 0, value);
    const slice: LandedSlice = { value, pages: [], records: 0, total: options.total ?? null };
    for (const [index, document] of documents.entries()) {
      const bytes = gzipSync(document);
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      const name = pageName(base, index + 1);
      await store.putIfAbsent(name, { bytes }, sha256);
      const parsed = JSON.parse(document);
      const records = (Array.isArray(parsed) ? parsed : parsed.data).length;
      slice.pages.push({ name, size: bytes.length, sha256, records });
      slice.records += records;
    }
    landed.push(slice);
  }
  const details: ExtractDetails = {
    extracted_at: options.extractedAt ?? '2026-02-01T06:00:00.000Z',
    slices: landed,
    records: landed.reduce((sum, slice) => sum + slice.records, 0),
    total: options.total ?? null,
  };
  const outcome: Outcome = { status: 'done', message: '', details };
  return { partition, previous: receiptOf(context, 'extract', partition, outcome), requestsUsed: 0 };
}

/** Lands pages as they were received: bytes, and the records that were counted in them. */
export async function landBytes(
  context: StepContext,
  pages: readonly { bytes: Buffer | string; records: number }[],
): Promise<Work> {
  const { job, identity, store } = context;
  const base = landingFolder(job.pipeline, PARTITION, identity.run, 0, null);
  const slice: LandedSlice = { value: null, pages: [], records: 0, total: null };
  for (const [index, { bytes, records }] of pages.entries()) {
    const zipped = gzipSync(bytes);
    const sha256 = createHash('sha256').update(zipped).digest('hex');
    const name = pageName(base, index + 1);
    await store.putIfAbsent(name, { bytes: zipped }, sha256);
    slice.pages.push({ name, size: zipped.length, sha256, records });
    slice.records += records;
  }
  const details: ExtractDetails = {
    extracted_at: '2026-02-01T06:00:00.000Z',
    slices: [slice],
    records: slice.records,
    total: null,
  };
  const outcome: Outcome = { status: 'done', message: '', details };
  return {
    partition: PARTITION,
    previous: receiptOf(context, 'extract', PARTITION, outcome),
    requestsUsed: 0,
  };
}

/** Lands one page of records. */
export function landRecords(context: StepContext, records: readonly unknown[], options: Landing = {}) {
  return land(context, { AA: [JSON.stringify({ data: records })] }, options);
}

/** Rows of a parquet object, as DuckDB gives them to JavaScript. */
export async function rowsOf(
  context: StepContext,
  file: { name: string },
): Promise<Record<string, unknown>[]> {
  const path = await context.store.localPath(file.name, context.scratch);
  return query(':memory:', `SELECT * FROM read_parquet(${filePath(path)})`);
}

/** Rows of a query on a database file, opened for it alone. */
export async function query(path: string, sql: string): Promise<Record<string, unknown>[]> {
  const instance = await DuckDBInstance.create(path);
  const connection = await instance.connect();
  try {
    return (await connection.runAndReadAll(sql)).getRowObjectsJson();
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

export const uploaded = (outcome: Outcome) => outcome.details as UploadDetails;
