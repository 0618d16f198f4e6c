import type { Clock } from './clock.ts';

export interface RateLimit {
  requests: number;
  /** Milliseconds. */
  per: number;
}

/** What every request of a source passes, one after another. */
export interface Gate {
  /** Resolves when a request may begin. */
  pass(signal: AbortSignal): Promise<void>;
  /** Nobody passes before this time: the API asked for quiet. */
  holdUntil(time: number): void;
}

/**
 * A bucket of `requests` tokens, each of which comes back `per` after it was taken. So no window of that length,
 * wherever it begins, sees more requests than that; a bucket filled drop by drop would let through nearly twice as
 * many in its first one.
 */
export function createGate(limit: RateLimit | undefined, clock: Clock): Gate {
  const taken: number[] = [];
  let heldUntil = 0;

  function turn(): number {
    const free = Math.max(clock.now(), heldUntil);
    if (limit === undefined) return free;
    const oldest = taken.length < limit.requests ? undefined : taken.shift();
    const time = oldest === undefined ? free : Math.max(free, oldest + limit.per);
    taken.push(time);
    return time;
  }

  return {
    async pass(signal) {
      for (;;) {
        signal.throwIfAborted();
        const wait = turn() - clock.now();
        if (wait > 0) await clock.sleep(wait, signal);
        // Held meanwhile: a new turn, or all that waited would pass at once when the hold ends.
        if (heldUntil <= clock.now()) return;
      }
    },
    holdUntil(time) {
      heldUntil = Math.max(heldUntil, time);
    },
  };
}
