import { z } from 'zod';

const DAY = 86_400_000;

/** Whether the text is a calendar date that exists, as `2026-01-31`. */
export function isPartition(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  return Number.isFinite(time) && new Date(time).toISOString().startsWith(text);
}

export const partition = z
  .string()
  .refine(isPartition, 'must be a date that exists, such as 2026-01-31')
  .meta({ pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$', examples: ['2026-01-31'] });

/** The partition `days` later; earlier when negative. */
export function shift(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY).toISOString().slice(0, 10);
}

/** Every partition from the first to the last, both included; empty when the last is before the first. */
export function range(first: string, last: string): string[] {
  const dates: string[] = [];
  for (let date = first; date <= last; date = shift(date, 1)) dates.push(date);
  return dates;
}

/** The last calendar day that is over in a time zone (IANA name). */
export function lastClosedDay(now: Date, timezone: string): string {
  const today = new Intl.DateTimeFormat('en-CA', { timeZone: timezone, dateStyle: 'short' }).format(now);
  return shift(today, -1);
}
