import type { Clock } from '../../../src/runtime/adapters/http/clock.ts';

export interface VirtualClock extends Clock {
  /** Every wait that was asked for, in order. */
  readonly slept: number[];
  advance(milliseconds: number): void;
}

/** Time that passes only when nobody has anything else to do: the earliest sleeper wakes first. */
export function createVirtualClock(start = Date.UTC(2026, 0, 31, 6)): VirtualClock {
  let now = start;
  const slept: number[] = [];
  const sleepers = new Set<{ at: number; wake: () => void }>();

  function wakeNext(): void {
    const [next] = [...sleepers].sort((a, b) => a.at - b.at);
    if (next === undefined) return;
    sleepers.delete(next);
    now = Math.max(now, next.at);
    next.wake();
  }

  return {
    slept,
    now: () => now,
    advance: (milliseconds) => {
      now += milliseconds;
    },
    sleep(milliseconds, signal) {
      slept.push(milliseconds);
      return new Promise((resolve, reject) => {
        signal.throwIfAborted();
        const stop = () => {
          sleepers.delete(sleeper);
          reject(signal.reason);
        };
        const sleeper = {
          at: now + milliseconds,
          wake: () => {
            signal.removeEventListener('abort', stop);
            resolve();
          },
        };
        signal.addEventListener('abort', stop, { once: true });
        sleepers.add(sleeper);
        setImmediate(wakeNext);
      });
    },
  };
}
