import { type CronExpression, CronExpressionParser } from 'cron-parser';

/** Most pipelines share theirs with others, and the parser takes its time. */
const known = new Map<string, CronExpression | Error>();

/** What the parser makes of a cron, or says of it. It knows more than Airflow does: seconds, L, H, ?, #. */
export function readCron(cron: string): CronExpression | Error {
  const found = known.get(cron) ?? parse(cron);
  known.set(cron, found);
  return found;
}

function parse(cron: string): CronExpression | Error {
  try {
    return CronExpressionParser.parse(cron, { tz: 'UTC' });
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** The times of a day, as `06:00`, at which a cron is due on some day; none where it can't be read. */
export function minutesOfDay(cron: string): readonly string[] {
  const times = timesOf(cron) ?? [];
  return times.map((time) => `${twoDigits(Math.floor(time / 60))}:${twoDigits(time % 60)}`);
}

/**
 * Milliseconds between the two nearest times that a cron is due, in UTC; undefined where it can't be read, or is
 * never due. By arithmetic: to ask the parser for one time after another takes milliseconds for each cron.
 */
export function shortestInterval(cron: string): number | undefined {
  const times = timesOf(cron);
  const days = times === undefined ? undefined : nearestDays(cron);
  if (times === undefined || days === undefined) return undefined;
  const [first = 0] = times;
  const gaps = times.map((time, index) => (times[index + 1] ?? days * MINUTES_A_DAY + first) - time);
  return Math.min(...gaps) * 60_000;
}

/** Minutes of a day, in order. */
function timesOf(cron: string): readonly number[] | undefined {
  const expression = readCron(cron);
  if (expression instanceof Error) return undefined;
  const { hour, minute } = expression.fields;
  return hour.values.flatMap((one) => minute.values.map((other) => one * 60 + other));
}

const nearest = new Map<string, number | undefined>();

/** Days between the two nearest days on which a cron is due; undefined where it is due on none. */
function nearestDays(cron: string): number | undefined {
  const days = cron.trim().split(/\s+/).slice(-3).join(' ');
  if (!nearest.has(days)) nearest.set(days, measureDays(cron));
  return nearest.get(days);
}

/** From a fixed day on, so that the answer is the same tomorrow; as long as two days of leap years are apart. */
function measureDays(cron: string): number | undefined {
  const expression = readCron(cron);
  if (expression instanceof Error) return undefined;
  const { dayOfMonth, month, dayOfWeek } = expression.fields;
  const [days, months, weekdays] = [dayOfMonth, month, dayOfWeek].map(
    ({ values }) => new Set<unknown>(values),
  );
  let shortest: number | undefined;
  let before: number | undefined;
  for (let day = 0; day < DAYS; day += 1) {
    const date = new Date(Date.UTC(2026, 0, 1 + day));
    if (months?.has(date.getUTCMonth() + 1) !== true) continue;
    const isDay = days?.has(date.getUTCDate()) === true;
    const isWeekday = weekdays?.has(date.getUTCDay()) === true;
    // As cron has it: where both are said, one of them is enough.
    const isEither = !dayOfMonth.isWildcard && !dayOfWeek.isWildcard;
    if (isEither ? !isDay && !isWeekday : !isDay || !isWeekday) continue;
    shortest = Math.min(shortest ?? DAYS, day - (before ?? Number.NEGATIVE_INFINITY));
    before = day;
  }
  return shortest;
}

const MINUTES_A_DAY = 24 * 60;
const DAYS = 8 * 366;

function twoDigits(number: number): string {
  return String(number).padStart(2, '0');
}
