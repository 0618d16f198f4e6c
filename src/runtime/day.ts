const MINUTE = 60_000;
const DAY = 86_400_000;

const formats = new Map<string, Intl.DateTimeFormat>();

/** From its first instant to the next day's first; milliseconds since 1970. */
export interface Day {
  start: number;
  end: number;
}

/**
 * A calendar date as a place has it: 23 or 25 hours long where the clocks change.
 *
 * @param date as `2026-01-31`
 * @param zone IANA name
 */
export function dayOf(date: string, zone: string): Day {
  const midnight = Date.parse(`${date}T00:00:00Z`);
  return { start: firstInstant(midnight, zone), end: firstInstant(midnight + DAY, zone) };
}

/** `2026-01-31T00:00:00+01:00`: the instant by the clock of the zone, with its offset. */
export function instant(time: number, zone: string): string {
  const offset = offsetAt(time, zone);
  const minutes = Math.abs(offset) / MINUTE;
  const two = (number: number) => String(number).padStart(2, '0');
  const clock = new Date(time + offset).toISOString().replace(/\.000Z$|Z$/, '');
  return `${clock}${offset < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

/** The day cut from its beginning; the last window is shorter where `length` does not divide the day. */
export function windowsOf({ start, end }: Day, length: number): Day[] {
  const windows: Day[] = [];
  for (let from = start; from < end; from += length) {
    windows.push({ start: from, end: Math.min(end, from + length) });
  }
  return windows;
}

/** @param local midnight as if the zone were UTC */
function firstInstant(local: number, zone: string): number {
  const before = offsetAt(local - DAY, zone);
  const after = offsetAt(local + DAY, zone);
  const exact = [local - before, local - after].filter((time) => time + offsetAt(time, zone) === local);
  if (exact.length > 0) return Math.min(...exact);
  // The clocks skip midnight: the day begins when they do.
  let [low, high] = [local - Math.max(before, after), local - Math.min(before, after)];
  while (high - low > 1000) {
    const middle = Math.floor((low + high) / 2000) * 1000;
    if (middle + offsetAt(middle, zone) < local) low = middle;
    else high = middle;
  }
  return high;
}

/** Milliseconds that the zone's clock is ahead of UTC. */
function offsetAt(time: number, zone: string): number {
  // The names of zones take a tenth of a second to load on a small machine, for a zone that has no offset.
  if (zone === 'UTC') return 0;
  let format = formats.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
    formats.set(zone, format);
  }
  const name = format.formatToParts(time).find((part) => part.type === 'timeZoneName')?.value ?? '';
  // Seconds are of local mean times, before 1972 and mostly before 1900.
  const match = /^GMT(?:([+-])(\d{2}):(\d{2})(?::(\d{2}))?)?$/.exec(name);
  const seconds = Number(match?.[2] ?? 0) * 3600 + Number(match?.[3] ?? 0) * 60 + Number(match?.[4] ?? 0);
  return (match?.[1] === '-' ? -seconds : seconds) * 1000;
}
