/** Milliseconds. */
export interface Backoff {
  initial: number;
  max: number;
}

/**
 * How long to wait after the n-th request of a page failed, n from 1: drawn evenly below a bound that doubles (full
 * jitter) and is never longer than `max`; longer only where the API asked for it.
 */
export function waitAfter(
  failed: number,
  backoff: Backoff,
  asked: number | undefined,
  random: () => number,
): number {
  const bound = Math.min(backoff.max, backoff.initial * 2 ** (failed - 1));
  return Math.max(asked ?? 0, Math.round(random() * bound));
}

/** Milliseconds that a `Retry-After` asks for, seconds or date (RFC 9110, 10.2.3); undefined where it is neither. */
export function readRetryAfter(value: string | undefined, now: number): number | undefined {
  const text = value?.trim() ?? '';
  if (/^\d+(\.\d+)?$/.test(text)) return Math.round(Number(text) * 1000);
  const time = Date.parse(text);
  return Number.isNaN(time) ? undefined : Math.max(0, time - now);
}
