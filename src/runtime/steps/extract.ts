import { milliseconds } from '../../spec/quantities.ts';
import { boundsOf } from '../../spec/slice-group.ts';
import { type Clock, systemClock } from '../adapters/http/clock.ts';
import type { JobExtract } from '../adapters/http/url.ts';
import type { Outcome, StepContext, StepFunction, StepReport } from '../context.ts';
import { configuration, StepError, stopped } from '../errors.ts';
import { keepYoungObjectsFew } from '../flat-memory.ts';
import { landingFolder } from '../object-names.ts';
import type { Source } from '../ports/source.ts';
import type { ExtractDetails } from '../receipt.ts';
import { inParallel } from './extract/in-parallel.ts';
import { landedNames } from './extract/landed-names.ts';
import { openSource } from './extract/open-source.ts';
import { readSlice } from './extract/read-slice.ts';
import { type Slice, slicesOf } from './extract/slice-values.ts';
import type { ReadSlice } from './extract/slice-work.ts';

export interface ExtractOptions {
  clock?: Clock;
  /** From 0 to below 1; draws the waits between retries. */
  random?: () => number;
  /** What is read instead of the job's source: `open` opens that one. */
  source?: (open: () => Promise<Source>) => Promise<Source>;
}

/**
 * Lands every page of every slice of the partitions, byte for byte, and says in the receipt what there is. Whether a
 * partition may be empty is not judged here but where the rows are: in upload. Only where the file of every slice is
 * missing, and may be, there is nothing to do.
 */
export function createExtract(options: ExtractOptions = {}): StepFunction {
  const clock = options.clock ?? systemClock;
  return async (context, work, report) => {
    const { extract } = context.job;
    if (extract === undefined) {
      throw configuration(`the pipeline ${context.job.pipeline} has no "extract": build its DAG again`);
    }
    keepYoungObjectsFew();
    const open = () => openSource(context, extract, work, { ...options, clock });
    const source = await (options.source?.(open) ?? open());
    try {
      for (const { partition } of work) {
        await report.finish(
          partition,
          await readPartition(context, extract, source, partition, clock, report),
        );
      }
    } catch (error) {
      const { aborted, reason } = context.signal;
      throw aborted ? (reason instanceof StepError ? reason : stopped()) : error;
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
  const began = clock.now();
  let requests = 0;
  const all = slicesOf(extract.slices, partition, job.timezone, identity.run);
  const { group } = identity;
  const slices = group === undefined ? all : all.slice(...boundsOf(all.length, group));
  const read = await inParallel<Slice, ReadSlice>(
    slices,
    extract.slices?.parallel ?? 1,
    context.signal,
    async (slice, signal) => {
      const { run, generation } = identity;
      const folder = landingFolder(job.pipeline, partition, run, generation, slice.value);
      return readSlice({
        extract,
        partition,
        slice,
        folder,
        names: await landedNames(store, folder),
        source,
        store,
        log,
        signal,
        resumeWithin: milliseconds(extract.resume_within),
        now: clock.now,
        onRequest: () => {
          requests += 1;
          report.spent(partition, requests);
        },
      });
    },
  );
  const details = detailsOf(read, began);
  if (read.length === 0) {
    const message = `nothing to do: ${partition} has fewer slices than there are groups`;
    return { status: 'skipped', message, requests, details };
  }
  if (read.every(({ missing }) => missing)) {
    const message = `nothing to do: what ${partition} is read from is not there, and missing.then is "skip"`;
    return { status: 'skipped', message, requests, details };
  }
  const pages = details.slices.reduce(
    (sum, slice) => sum + slice.pages.length + (slice.for_each?.children.pages ?? 0),
    0,
  );
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
