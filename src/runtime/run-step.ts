import { podsOf } from '../spec/slices.ts';
import type { Step } from '../spec/steps.ts';
import type { Outcome, StepContext, StepFunction, StepReport, Work } from './context.ts';
import { StepError } from './errors.ts';
import { lastGroups, readExtractReceipts, requireGroups } from './group-receipts.ts';
import { NO_ROWS, type Receipt } from './receipt.ts';
import { readReceipt, refuseHopelessRetry, requirePrevious, writeReceipt } from './receipts.ts';

/** Milliseconds between two writes of the count of requests. */
const SAVE_EVERY = 1_000;

/** How a step went, over all its partitions. */
export interface StepResult {
  receipts: Receipt[];
  /** True when there was nothing to do for any partition. */
  nothing: boolean;
}

/**
 * One step over the partitions of a run, with the protocol of receipts around it: `running` first, so that an older
 * receipt can't hide a false success; `done` or `skipped` last, partition by partition; `failed` with the cause for
 * those that did not come through. Rethrows what the step threw.
 */
export async function runStep(
  context: StepContext,
  step: Step,
  run: StepFunction,
  replay: boolean,
): Promise<StepResult> {
  const { store } = context;
  const finished = new Map<string, Receipt>();
  const spent = new Map<string, number>();
  const kept = new Map<string, unknown>();
  const pending = new Map<string, Receipt>();

  // All are looked at before the first is marked: what is refused leaves every receipt as it was.
  const opened = await Promise.all(
    context.identity.partitions.map((partition) => openReceipt(context, step, partition, replay)),
  );
  for (const { receipt } of opened) {
    if (receipt.status === 'skipped') finished.set(receipt.partition, receipt);
    else pending.set(receipt.partition, receipt);
    await writeReceipt(store, receipt);
  }
  const work: Work[] = opened
    .filter(({ receipt }) => receipt.status === 'running')
    .map(({ receipt, previous }) => ({
      partition: receipt.partition,
      previous,
      requestsUsed: receipt.requests,
    }));

  // A try that is killed must not forget what it has asked of a paid API: the receipt follows within a second.
  let saving: Promise<unknown> = Promise.resolve();
  let savedAt = Date.now();
  const save = (receipt: Receipt) => {
    saving = saving
      .then(() => writeReceipt(store, receipt))
      .catch((error: unknown) =>
        context.log.warn({ err: error }, 'the count of requests could not be written'),
      );
  };
  const report: StepReport = {
    spent: (partition, requests) => {
      spent.set(partition, requests);
      const receipt = pending.get(partition);
      if (receipt === undefined || Date.now() - savedAt < SAVE_EVERY) return;
      savedAt = Date.now();
      save({ ...receipt, requests: receipt.requests + requests });
    },
    keep: (partition, details) => void kept.set(partition, details),
    finish: async (partition, outcome) => {
      const receipt = pending.get(partition);
      if (receipt === undefined) throw new Error(`${step} finished ${partition}, which it was not given`);
      const closed = closeReceipt(receipt, outcome, spent.get(partition), context.redact);
      await saving;
      await writeReceipt(store, closed);
      pending.delete(partition);
      finished.set(partition, closed);
      context.log.info(
        {
          event: 'partition_done',
          partition,
          status: closed.status,
          rows: closed.rows,
          requests: closed.requests,
        },
        closed.message,
      );
    },
  };

  try {
    if (work.length > 0) await run(context, work, report);
    if (pending.size > 0)
      throw new Error(`${step} ended without a word on ${[...pending.keys()].join(', ')}`);
  } catch (error) {
    await saving;
    for (const receipt of pending.values()) {
      const { partition } = receipt;
      const failed = failReceipt(receipt, error, spent.get(partition), context.redact);
      const details = kept.get(partition);
      await writeReceipt(store, details === undefined ? failed : { ...failed, details });
    }
    throw error;
  }
  const receipts = [...finished.values()];
  return { receipts, nothing: receipts.every((receipt) => receipt.status === 'skipped') };
}

async function previousReceipt(
  context: StepContext,
  step: Step,
  partition: string,
  replay: boolean,
): Promise<Receipt | undefined> {
  const { job, jobHash, identity, store } = context;
  const before = job.steps[job.steps.indexOf(step) - 1];
  if (before === undefined) return undefined;
  if (before === 'extract' && (replay || podsOf(job.extract?.slices) > 1)) {
    const extracts = await readExtractReceipts(store, job.pipeline, partition, identity.run);
    const groups = lastGroups(extracts);
    if (groups !== undefined) return requireGroups(extracts, groups, jobHash, replay);
  }
  const receipt = await readReceipt(store, job.pipeline, partition, identity.run, before);
  return requirePrevious(receipt, before, jobHash, replay);
}

async function openReceipt(
  context: StepContext,
  step: Step,
  partition: string,
  replay: boolean,
): Promise<{ receipt: Receipt; previous: Receipt | undefined }> {
  const { job, jobHash, identity, store } = context;
  const older = await readReceipt(store, job.pipeline, partition, identity.run, step, identity.group);
  refuseHopelessRetry(older, jobHash, identity.maxTries);
  const previous = await previousReceipt(context, step, partition, replay);
  const generation = previous?.generation ?? identity.generation;
  const now = new Date().toISOString();
  const receipt: Receipt = {
    version: 1,
    pipeline: job.pipeline,
    partition,
    step,
    ...(identity.group === undefined ? {} : { group: identity.group }),
    status: 'running',
    run: identity.run,
    run_id: identity.runId,
    generation,
    job: jobHash,
    try_number: identity.tryNumber,
    ...(identity.maxTries === undefined ? {} : { max_tries: identity.maxTries }),
    started_at: now,
    message: '',
    // A budget that began anew with each try would not be one.
    requests: older?.generation === generation ? older.requests : 0,
    rows: { ...NO_ROWS },
  };
  if (previous?.status !== 'skipped') return { receipt, previous };
  const message = `nothing to do: ${previous.step} was skipped`;
  return { receipt: { ...receipt, status: 'skipped', finished_at: now, exit: 0, message }, previous };
}

function closeReceipt(
  receipt: Receipt,
  outcome: Outcome,
  spent: number | undefined,
  redact: (text: string) => string,
): Receipt {
  return {
    ...receipt,
    status: outcome.status,
    finished_at: new Date().toISOString(),
    exit: 0,
    message: redact(outcome.message),
    requests: receipt.requests + (outcome.requests ?? spent ?? 0),
    rows: { ...receipt.rows, ...outcome.rows },
    ...(outcome.details === undefined ? {} : { details: outcome.details }),
  };
}

function failReceipt(
  receipt: Receipt,
  error: unknown,
  spent: number | undefined,
  redact: (text: string) => string,
): Receipt {
  return {
    ...receipt,
    status: 'failed',
    finished_at: new Date().toISOString(),
    exit: error instanceof StepError ? error.exit : 70,
    message: redact(error instanceof Error ? error.message : String(error)),
    requests: receipt.requests + (spent ?? 0),
  };
}
