import { CronExpressionParser } from 'cron-parser';

/** Enough occurrences to meet the shortest distance of every cron that people write. */
const LOOKED_AT = 100;

/** Most pipelines share theirs with others, and the parser takes its time. */
const minutes = new Map<string, readonly string[]>();
const intervals = new Map<string, number | undefined>();

/** The times of a day, as `06:00`, at which a cron is due on some day; none where it can't be read. */
export function minutesOfDay(cron: string): readonly string[] {
  const known = minutes.get(cron);
  if (known !== undefined) return known;
  const fields = parse(cron)?.fields;
  const times = (fields?.hour.values ?? []).flatMap((hour) =>
    (fields?.minute.values ?? []).map((minute) => `${twoDigits(hour)}:${twoDigits(minute)}`),
  );
  minutes.set(cron, times);
  return times;
}

/** Milliseconds between the two nearest times that a cron is due; undefined where it can't be read. */
export function shortestInterval(cron: string): number | undefined {
  if (!intervals.has(cron)) intervals.set(cron, measure(cron));
  return intervals.get(cron);
}

function measure(cron: string): number | undefined {
  const expression = parse(cron);
  if (expression === undefined) return undefined;
  let shortest: number | undefined;
  try {
    let before = expression.next().getTime();
    for (let count = 0; count < LOOKED_AT; count += 1) {
      const next = expression.next().getTime();
      shortest = Math.min(shortest ?? Number.POSITIVE_INFINITY, next - before);
      before = next;
    }
  } catch {
    // A day that no calendar has, such as February 30: never due.
    return shortest;
  }
  return shortest;
}

/** In UTC and from a fixed day on, so that the answer is the same tomorrow. */
function parse(cron: string) {
  try {
    return CronExpressionParser.parse(cron, { tz: 'UTC', currentDate: '2026-01-01T00:00:00Z' });
  } catch {
    return undefined;
  }
}

function twoDigits(number: unknown): string {
  return String(number).padStart(2, '0');
}
