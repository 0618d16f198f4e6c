import { EXIT } from '../../../spec/exit-codes.ts';
import { milliseconds } from '../../../spec/quantities.ts';
import { badData } from '../../errors.ts';
import { Missing } from '../../ports/source.ts';
import type { Clock } from './clock.ts';
import { HttpFailure } from './failure.ts';
import type { JobExtract } from './url.ts';

/** A file that is not there yet. */
export interface Absence {
  /** The address, without the key. */
  url: string;
  status: number;
  /** Milliseconds until it is asked for again. */
  wait: number;
}

export interface FileWait {
  shown: string;
  /** When the step began; milliseconds since 1970. */
  began: number;
  clock: Clock;
  signal: AbortSignal;
  onAbsence?: ((absence: Absence) => void) | undefined;
}

/**
 * Asks until the answer has another status than the one of a file that is not there, at most `wait` after the step
 * began. Its absence is bad data then and no temporary trouble: the wait was the retry, and another one of hours would
 * only hide from people that the file did not come.
 *
 * @throws Missing where the spec says that nothing is to be done then
 */
export async function waitForFile<Value>(
  ask: () => Promise<Value>,
  spec: NonNullable<JobExtract['missing']>,
  { shown, began, clock, signal, onAbsence }: FileWait,
): Promise<Value> {
  const until = spec.wait === undefined ? began : began + milliseconds(spec.wait);
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!isAbsence(error, spec.status)) throw error;
    }
    const left = until - clock.now();
    if (left <= 0) break;
    const wait = Math.min(left, milliseconds(spec.every));
    onAbsence?.({ url: shown, status: spec.status, wait });
    await clock.sleep(wait, signal);
  }
  const waited = spec.wait === undefined ? '' : ` until ${spec.wait} after the step began`;
  const message = `${shown} answered ${spec.status}${waited}: it is not there`;
  if (spec.then === 'skip') throw new Missing(message);
  throw badData(
    `${message}. Ask whoever makes it, and run the step again when it is there; if it may be missing, set missing.then to "skip"`,
  );
}

function isAbsence(error: unknown, status: number): boolean {
  return error instanceof HttpFailure && error.exit === EXIT.configuration && error.status === status;
}
