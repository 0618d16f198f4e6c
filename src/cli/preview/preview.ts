import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Logger, pino } from 'pino';
import { openStore } from '../../runtime/adapters/stores.ts';
import type { Outcome, StepContext, StepFunction, Work } from '../../runtime/context.ts';
import { StepError } from '../../runtime/errors.ts';
import { runHash } from '../../runtime/identity.ts';
import { withVariables } from '../../runtime/read-job.ts';
import type {
  ExtractDetails,
  QuarantineReason,
  Receipt,
  Rows,
  UploadDetails,
} from '../../runtime/receipt.ts';
import { NO_ROWS } from '../../runtime/receipt.ts';
import { createRedactor, type Redactor } from '../../runtime/redact.ts';
import { readSecret, secretValues } from '../../runtime/secrets.ts';
import { createExtract } from '../../runtime/steps/extract.ts';
import { upload } from '../../runtime/steps/upload.ts';
import { type Job, jobHash } from '../../spec/job.ts';
import type { Step } from '../../spec/steps.ts';
import { UsageError } from '../usage-error.ts';
import { firstPage } from './first-page.ts';
import { localPage } from './local-page.ts';
import { previewJob } from './preview-job.ts';
import { readRows, readUnread, type ShownRows } from './read-back.ts';
import type { UnreadField } from './unread-fields.ts';

export interface PreviewOptions {
  readonly job: Job;
  /** Folder of the spec. */
  readonly home: string;
  readonly partition: string;
  readonly slice: string | undefined;
  /** Rows, and rows set aside, that are shown. */
  readonly limit: number;
  /** A file that is read instead of a request. */
  readonly from: string | undefined;
  readonly environment: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  /** What the steps warn of, and what handlers say. */
  readonly onLine: (level: string, message: string) => void;
}

/** What became of one page; printed as JSON by `--json`. */
export interface PreviewResult extends ShownRows {
  version: 1;
  pipeline: string;
  environment: string;
  partition: string;
  /** That were made, retries and parents included; they count against the plan of the API. */
  requests: number;
  counts: Rows;
  columns: { name: string; type: string }[];
  reasons: QuarantineReason[];
  /** Undefined where a transform reads the records, which alone knows what it reads. */
  unread?: UnreadField[];
}

const RUN = 'preview';

/**
 * One page through extract and upload, in a folder that is removed: nothing is written to the store or the warehouse
 * of the environment. Secrets are removed from all that is returned, masks are applied as in a run.
 */
export async function preview(options: PreviewOptions): Promise<PreviewResult> {
  const { partition, environment, home } = options;
  const scratch = mkdtempSync(join(tmpdir(), 'pipegen-preview-'));
  const redact = createRedactor(secretValues(options.job, environment));
  try {
    const written = withVariables(options.job, environment);
    const job = previewJob(written, join(scratch, 'store'), options.slice, options.from !== undefined);
    const context: StepContext = {
      job,
      jobHash: jobHash(options.job),
      identity: {
        partitions: [partition],
        dagId: job.pipeline,
        taskId: RUN,
        runId: RUN,
        run: runHash(job.pipeline, RUN),
        tryNumber: 1,
        generation: 0,
      },
      store: await openStore(job.store, home, options.signal),
      log: lineLog(redact, options.onLine),
      signal: options.signal,
      home,
      scratch,
      force: false,
      environment,
      secret: (variable) => readSecret(environment, variable),
      redact,
    };
    const { from, slice } = options;
    const extract = createExtract({
      source: async (open) =>
        from === undefined || job.extract === undefined
          ? firstPage(await open(), slice)
          : localPage(from, job.extract),
    });
    const landed = await runOne(extract, context, { partition, previous: undefined, requestsUsed: 0 });
    refuseUnknownSlice(landed.details as ExtractDetails, slice);
    const work = { partition, previous: receiptOf(context, 'extract', partition, landed), requestsUsed: 0 };
    const uploaded = await runOne(upload, context, work);
    const details = uploaded.details as UploadDetails;
    const shown = await readRows(context, details, options.limit);
    const unread =
      job.transform === undefined ? await readUnread(context, landed.details as ExtractDetails) : undefined;
    const result: PreviewResult = {
      version: 1,
      pipeline: job.pipeline,
      environment: job.environment,
      partition,
      requests: landed.requests ?? 0,
      counts: { ...NO_ROWS, ...uploaded.rows },
      columns: (job.columns ?? []).map(({ name, type }) => ({ name, type })),
      reasons: details.reasons,
      ...shown,
      ...(unread === undefined ? {} : { unread }),
    };
    return redacted(result, redact) as PreviewResult;
  } catch (error) {
    if (!(error instanceof StepError)) throw error;
    throw new StepError(error.exit, redact(error.message));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Windows are cut while the step runs, so that only then it is known which there are. */
function refuseUnknownSlice({ slices }: ExtractDetails, wanted: string | undefined): void {
  if (wanted === undefined || slices.some(({ value }) => value === wanted || value === null)) return;
  const known = slices.map(({ value }) => value).join(', ');
  throw new UsageError(`there is no slice "${wanted}": it is one of ${known}`);
}

function lineLog(redact: Redactor, onLine: PreviewOptions['onLine']): Logger {
  const write = (line: string) => {
    const { level = '', msg = '', event } = JSON.parse(line) as Record<string, string>;
    if (level === 'warn' || level === 'error' || event === 'handler') onLine(level, redact(msg));
  };
  return pino({ base: null, level: 'info', formatters: { level: (label) => ({ level: label }) } }, { write });
}

async function runOne(step: StepFunction, context: StepContext, work: Work): Promise<Outcome> {
  let outcome: Outcome | undefined;
  await step(context, [work], {
    finish: async (_, one) => {
      outcome = one;
    },
    spent: () => undefined,
    keep: () => undefined,
  });
  if (outcome === undefined) throw new Error('the step ended without a word');
  return outcome;
}

function receiptOf(context: StepContext, step: Step, partition: string, outcome: Outcome): Receipt {
  const { job, identity } = context;
  return {
    version: 1,
    pipeline: job.pipeline,
    partition,
    step,
    status: outcome.status,
    run: identity.run,
    run_id: identity.runId,
    generation: identity.generation,
    job: context.jobHash,
    try_number: 1,
    started_at: new Date().toISOString(),
    message: outcome.message,
    requests: outcome.requests ?? 0,
    rows: { ...NO_ROWS, ...outcome.rows },
    details: outcome.details,
  };
}

/** Text by text, so that what is left is still what it was. */
function redacted(value: unknown, redact: Redactor): unknown {
  if (typeof value === 'string') return redact(value);
  if (Array.isArray(value)) return value.map((one) => redacted(one, redact));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, redacted(one, redact)]));
}
