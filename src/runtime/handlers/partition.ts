import type { Log, Partition } from '../../handlers/handlers.ts';
import type { StepContext } from '../context.ts';
import { dayOf, instant } from '../day.ts';

/** A partition as handlers see it. */
export function partitionOf(date: string, timezone: string): Partition {
  const day = dayOf(date, timezone);
  return Object.freeze({
    date,
    start: instant(day.start, timezone),
    end: instant(day.end, timezone),
    timezone,
  });
}

/** The step's log as handlers see it, with the handler's name on each line. */
export function logOf(log: StepContext['log'], handler: string): Log {
  return {
    info: (message, fields) => log.info({ ...fields, event: 'handler', handler }, message),
    warn: (message, fields) => log.warn({ ...fields, event: 'handler', handler }, message),
  };
}
