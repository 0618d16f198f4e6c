/** Told why a promise is no longer waited for. */
export class TimedOut extends Error {
  override readonly name = 'TimedOut';
}

/** The same, but fails with `TimedOut` after so many milliseconds; what becomes of the promise is nobody's concern then. */
export async function within<T>(milliseconds: number, promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new TimedOut(`nothing came for ${seconds(milliseconds)}`)), milliseconds);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** The same, but fails with the reason of the signal as soon as that is aborted. */
export async function unlessAborted<T>(signal: AbortSignal, promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  let stop: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    if (stop !== undefined) signal.removeEventListener('abort', stop);
  }
}

export interface Watched {
  /** Whether the service has said anything of the statement yet. */
  answered(): boolean;
  /** Asks the service for a sign of life; false or a failure is none. */
  beat(): Promise<boolean>;
}

export interface Limits {
  /** Milliseconds until something must have been said of the statement. */
  readonly answer: number;
  /** Milliseconds that the service may give no sign of life. */
  readonly silence: number;
}

/**
 * Rejects with `TimedOut` once a service is silent: the driver waits and repeats for up to 24 minutes before it says
 * so. Ends with the signal, without a word.
 */
export async function watch(
  { answered, beat }: Watched,
  { answer, silence }: Limits,
  signal: AbortSignal,
): Promise<never> {
  const started = Date.now();
  let alive = started;
  const step = Math.max(Math.min(answer, silence) / 4, 1);
  for (;;) {
    await pause(step, signal);
    if (!answered() && Date.now() - started >= answer) {
      throw new TimedOut(`Snowflake said nothing of the statement for ${seconds(answer)}`);
    }
    const living = await within(step, beat()).catch(() => false);
    if (living) alive = Date.now();
    else if (Date.now() - alive >= silence) {
      throw new TimedOut(`Snowflake gave no sign of life for ${seconds(silence)}`);
    }
  }
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    // Nobody waits for the watch of a statement that has come through.
    if (signal.aborted) return;
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
  });
}

function seconds(milliseconds: number): string {
  return `${milliseconds / 1000} s`;
}
