import { EXIT, PERMANENT } from '../spec/exit-codes.ts';
import type { SliceGroup } from '../spec/slice-group.ts';
import type { Step } from '../spec/steps.ts';
import { configuration, StepError } from './errors.ts';
import { receiptName } from './object-names.ts';
import type { ObjectStore } from './ports/object-store.ts';
import type { Receipt } from './receipt.ts';

/** The receipt as it stands; undefined where there is none. A broken one is refused, never guessed at. */
export async function readReceipt(
  store: ObjectStore,
  pipeline: string,
  partition: string,
  run: string,
  step: Step,
  group?: SliceGroup,
): Promise<Receipt | undefined> {
  const name = receiptName(pipeline, partition, run, step, group);
  const bytes = await store.read(name);
  if (bytes === undefined) return undefined;
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8')) as Receipt;
  } catch (cause) {
    throw configuration(
      `the receipt ${store.location}/${name} is not JSON: remove it and run ${step} again`,
      cause,
    );
  }
}

export async function writeReceipt(store: ObjectStore, receipt: Receipt): Promise<void> {
  const name = receiptName(receipt.pipeline, receipt.partition, receipt.run, receipt.step, receipt.group);
  await store.overwrite(name, Buffer.from(`${JSON.stringify(receipt, undefined, 2)}\n`));
}

/**
 * The receipt of the step before, if this step may build on it: finished, of this run, made from the same job.
 * Airflow can mark a task successful whose container was killed; this is what stops the next one.
 *
 * @param step the step before, in words
 */
export function requirePrevious(
  previous: Receipt | undefined,
  step: string,
  job: string,
  replay: boolean,
): Receipt {
  if (previous === undefined) {
    throw configuration(`${step} has left no receipt in this run: run ${step} first`);
  }
  const { partition } = previous;
  if (previous.status !== 'done' && previous.status !== 'skipped') {
    throw configuration(
      `${step} of ${partition} did not finish (its receipt says "${previous.status}"): run ${step} again`,
    );
  }
  if (previous.job !== job && !replay) {
    throw configuration(
      `the pipeline changed between ${step} and this step (job ${previous.job}, now ${job}): run ${step} of ${partition} again`,
    );
  }
  return previous;
}

/**
 * An automatic retry of what no retry can mend ends at once, with the same message. A person who clears the task
 * makes Airflow's `max_tries` grow, and then it is tried again. On the command line each call is a person's.
 */
export function refuseHopelessRetry(
  older: Receipt | undefined,
  job: string,
  maxTries: number | undefined,
): void {
  if (older === undefined || older.status !== 'failed' || maxTries === undefined) return;
  if (older.max_tries !== maxTries || older.job !== job || !PERMANENT.includes(older.exit ?? EXIT.done))
    return;
  throw new StepError(
    older.exit as StepError['exit'],
    `${older.message} (not tried again: clear the task once the cause is mended)`,
  );
}
