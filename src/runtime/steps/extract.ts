import { milliseconds } from '../../spec/quantities.ts';
import { type Clock, systemClock } from '../adapters/http/clock.ts';
import type { JobExtract } from '../adapters/http/url.ts';
import type { Outcome, StepContext, StepFunction, StepReport, Work } from '../context.ts';
import { configuration, stopped } from '../errors.ts';
import type { Source } from '../ports/source.ts';
import type { ExtractDetails } from '../receipt.ts';
import { inParallel } from './extract/in-parallel.ts';
import { type ReadSlice, readSlice } from './extract/read-slice.ts';

export interface ExtractOptions {
  clock?: Clock;
  /** From 0 to below 1; draws the waits between retries. */
  random?: () => number;
}

/**
 * Lands every page of every slice of the partitions, byte for byte, and says in the receipt what there is. Whether a
 * partition may be empty is not judged here but where the rows are: in upload.
 */
export function createExtract(options: ExtractOptions = {}): StepFunction {
  const clock = options.clock ?? systemClock;
  return async (context, work, report) => {
    const { extract } = context.job;
    if (extract === undefined) {
      throw configuration(`the pipeline ${context.job.pipeline} has no "extract": build its DAG again`);
    }
    const source = await openSource(context, extract, work, { ...options, clock });
    try {
      for (const { partition } of work) {
        await report.finish(
          partition,
          await readPartition(context, extract, source, partition, clock, report),
        );
      }
    } catch (error) {
      throw context.signal.aborted ? stopped() : error;
    }
  };
}

export const extract: StepFunction = createExtract();

async function readPartition(
  context: StepContext,
  extract: JobExtract,
  source: Source,
  partition: string,
  clock: Clock,
  report: StepReport,
): Promise<Outcome> {
  const { job, identity, store, log } = context;
  const { slices, paginate } = extract;
  const began = clock.now();
  let requests = 0;
  const read = await inParallel<string | null, ReadSlice>(
    slices?.values ?? [null],
    slices?.parallel ?? 1,
    context.signal,
    (slice, signal) =>
      readSlice({
        place: {
          pipeline: job.pipeline,
          partition,
          run: identity.run,
          generation: identity.generation,
          slice,
        },
        source,
        store,
        log,
        signal,
        tolerance: paginate.kind === 'offset' ? paginate.tolerance : 0,
        onEmpty: slices?.on_empty ?? 'allow',
        resumeWithin: milliseconds(extract.resume_within),
        now: clock.now,
        onRequest: () => {
          requests += 1;
          report.spent(partition, requests);
        },
      }),
  );
  const details = detailsOf(read, began);
  const pages = details.slices.reduce((sum, slice) => sum + slice.pages.length, 0);
  return {
    status: 'done',
    message: `${details.records} records of ${partition} landed in ${pages} pages, by ${requests} requests`,
    rows: { received: details.records },
    requests,
    details,
  };
}

function detailsOf(read: readonly ReadSlice[], began: number): ExtractDetails {
  const slices = read.map((one) => one.landed);
  const totals = slices.map((slice) => slice.total);
  return {
    // Attempts at a partition are ordered by the age of their data: of what an earlier try landed, the oldest counts.
    extracted_at: new Date(Math.min(began, ...read.map((one) => one.began))).toISOString(),
    slices,
    records: slices.reduce((sum, slice) => sum + slice.records, 0),
    total: totals.includes(null) ? null : totals.reduce<number>((sum, total) => sum + (total ?? 0), 0),
  };
}

async function openSource(
  context: StepContext,
  extract: JobExtract,
  work: readonly Work[],
  options: ExtractOptions & { clock: Clock },
): Promise<Source> {
  const { createHttpSource } = await import('../adapters/http/http-source.ts');
  const { auth } = extract.source;
  return createHttpSource({
    extract,
    key: auth && context.secret(auth.secret),
    redact: context.redact,
    requestsUsed: work.reduce((sum, one) => sum + one.requestsUsed, 0),
    clock: options.clock,
    ...(options.random === undefined ? {} : { random: options.random }),
    onRetry: ({ url, what, status, wait, attempt, attempts }) => {
      context.log.warn(
        { event: 'request_retry', url, status, wait_ms: wait, attempt, attempts },
        `${url}: ${what}; request ${attempt} of ${attempts}, the next in ${wait} ms`,
      );
    },
  });
}
