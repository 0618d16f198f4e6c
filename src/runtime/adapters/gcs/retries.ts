import { setTimeout as sleep } from 'node:timers/promises';
import { stopped, temporary } from '../../errors.ts';

/** How long a request to the store is tried again; all in milliseconds. */
export interface Patience {
  /** The first pause; each further one is twice as long, and a random part of it is taken off. */
  readonly first: number;
  readonly longest: number;
  /** From the first try, or from the last byte that came through, to giving up. */
  readonly deadline: number;
  /** Without a byte until a connection counts as lost. */
  readonly silence: number;
}

export const PATIENCE: Patience = { first: 500, longest: 32_000, deadline: 300_000, silence: 60_000 };

/** A failure that the same request may not meet again. */
export class Passing extends Error {
  override readonly name = 'Passing';
  /** What the server asked to wait, in milliseconds. */
  readonly wait: number;

  constructor(message: string, wait = 0) {
    super(message);
    this.wait = wait;
  }
}

/** The tries of one operation. Whoever repeats it must make sure that a repeat does no harm. */
export class Retries {
  readonly #doing: string;
  readonly #patience: Patience;
  readonly #signal: AbortSignal;
  #since = performance.now();
  #failures = 0;

  /** @param doing such as `write gs://bucket/name`, for the message of a failure */
  constructor(doing: string, patience: Patience, signal: AbortSignal) {
    this.#doing = doing;
    this.#patience = patience;
    this.#signal = signal;
  }

  /** For an operation within this one, with a deadline of its own. */
  within(): Retries {
    return new Retries(this.#doing, this.#patience, this.#signal);
  }

  /** Something came through: the deadline counts from now. */
  progress(): void {
    this.#since = performance.now();
    this.#failures = 0;
  }

  /** Returns when the operation may be tried again; throws where it may not: what is no `Passing` as it is. */
  async after(failure: unknown): Promise<void> {
    if (this.#signal.aborted) throw stopped();
    if (!(failure instanceof Passing)) throw failure;
    const { first, longest, deadline } = this.#patience;
    const pause = Math.min(first * 2 ** this.#failures, longest);
    this.#failures++;
    const wait = Math.max(pause * (0.5 + Math.random() / 2), failure.wait);
    const spent = performance.now() - this.#since;
    if (spent + wait > deadline) {
      const times = `${this.#failures} ${this.#failures === 1 ? 'time' : 'times'}`;
      throw temporary(
        `${this.#doing}: ${failure.message}; tried ${times} in ${Math.ceil(spent / 1000)} s: run again when Google Cloud Storage can be reached`,
      );
    }
    await sleep(wait, undefined, { signal: this.#signal }).catch(() => {
      throw stopped();
    });
  }
}

export async function withRetries<Value>(
  doing: string,
  patience: Patience,
  signal: AbortSignal,
  work: () => Promise<Value>,
): Promise<Value> {
  const retries = new Retries(doing, patience, signal);
  for (;;) {
    try {
      signal.throwIfAborted();
      return await work();
    } catch (error) {
      await retries.after(error);
    }
  }
}
