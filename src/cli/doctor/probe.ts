import { StepError, temporary } from '../../runtime/errors.ts';

/** `unknown`: cannot be seen from here, or only once something else is repaired. */
export type Status = 'ok' | 'missing' | 'unknown';

/** One line of the report. */
export interface Answer {
  /** What was looked at, in two or three words. */
  readonly what: string;
  readonly status: Status;
  /** What was found. */
  readonly text: string;
  /** What to do about it. */
  readonly repair?: string;
}

/** One look at what a run will need. */
export interface Probe {
  readonly what: string;
  /** What to do where it fails without saying it itself. */
  readonly repair?: string;
  /** A failure is told as `missing`, with its message. */
  look(signal: AbortSignal): Promise<readonly Answer[]>;
}

/**
 * One after the other, each to its end or to the deadline, whatever became of those before.
 * @param deadline of each, in milliseconds
 */
export async function* lookAtAll(
  probes: readonly Probe[],
  deadline: number,
  stop: AbortSignal,
): AsyncGenerator<Answer> {
  for (const probe of probes) {
    if (stop.aborted) return;
    yield* await lookAt(probe, deadline, stop);
  }
}

async function lookAt(probe: Probe, deadline: number, stop: AbortSignal): Promise<readonly Answer[]> {
  const { what, repair } = probe;
  const missing = (text: string): Answer[] => [
    { what, status: 'missing', text, ...(repair === undefined ? {} : { repair }) },
  ];
  const timeout = new AbortController();
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    late.reject(temporary(`no answer within ${deadline / 1000} s`));
    timeout.abort();
  }, deadline);
  try {
    return await Promise.race([probe.look(AbortSignal.any([timeout.signal, stop])), late.promise]);
  } catch (error) {
    if (error instanceof StepError) return missing(oneLine(error.message));
    return missing(`failed without a known reason: ${oneLine(String(error))}`);
  } finally {
    clearTimeout(timer);
  }
}

export function ok(what: string, text: string): Answer {
  return { what, status: 'ok', text };
}

export function missing(what: string, text: string, repair: string): Answer {
  return { what, status: 'missing', text, repair };
}

export function unknown(what: string, text: string, repair?: string): Answer {
  return { what, status: 'unknown', text, ...(repair === undefined ? {} : { repair }) };
}

function oneLine(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > 500 ? `${line.slice(0, 500)}…` : line;
}
