import { shift } from '../../spec/partition.ts';
import { pipelinesOf, type Rule } from './rule.ts';

const HOUR = 3_600_000;
/** Two springs, wherever the year begins. */
const DAYS = 2 * 366;

export const cronInMissingHour: Rule = {
  name: 'cron-in-missing-hour',
  severity: 'error',
  category: 'correctness',
  why: 'On one night of spring the clocks of most zones leave an hour out. A run that is due in it is not made for the day before by Airflow 3.3, which takes the day itself twice (seen): a day of data is missing and nothing says so.',
  bad: 'pipelines: { flights: { schedule: { cron: "30 2 * * *", timezone: America/New_York } } }',
  good: 'pipelines: { flights: { schedule: { cron: "30 3 * * *", timezone: America/New_York } } }',
  check(spec, report) {
    for (const { pipeline } of pipelinesOf(spec)) {
      const { schedule, start_date, partition } = pipeline.settings;
      // A run that looks back makes good for the day that was left out.
      if (schedule?.cron === undefined || partition.lookback > 0) continue;
      const day = firstMissing(schedule.cron, schedule.timezone, `${start_date.slice(0, 4)}-01-01`);
      if (day === undefined) continue;
      report({
        message: `on ${day} there is no such time in ${schedule.timezone}, and the day before would be left out`,
        layers: pipeline.layers,
        path: ['schedule', 'cron'],
        help: 'choose an hour that every night has, or set partition.lookback to 1',
      });
    }
  },
};

const found = new Map<string, string | undefined>();

/** The first day on which a cron of one time a day is due at a time that the zone's clocks leave out. */
function firstMissing(cron: string, timezone: string, from: string): string | undefined {
  const [minute = '', hour = ''] = cron.trim().split(/\s+/);
  if (!/^\d+$/.test(minute) || !/^\d+$/.test(hour)) return undefined;
  const name = `${timezone} ${hour}:${minute} ${from}`;
  if (!found.has(name)) found.set(name, search(Number(hour), Number(minute), timezone, from));
  return found.get(name);
}

function search(hour: number, minute: number, timezone: string, from: string): string | undefined {
  const offset = offsetIn(timezone);
  if (offset === undefined) return undefined;
  for (let days = 0; days < DAYS; days += 1) {
    const day = shift(from, days);
    const wall = Date.parse(`${day}T00:00:00Z`) + hour * HOUR + (minute * HOUR) / 60;
    const [before, after] = [offset(wall - 24 * HOUR), offset(wall + 24 * HOUR)];
    if (before === after) continue;
    if ([before, after].every((one) => offset(wall - one) !== one)) return day;
  }
  return undefined;
}

/** Milliseconds that a zone's clocks are ahead of UTC at an instant; undefined where there is no such zone. */
function offsetIn(timezone: string): ((instant: number) => number) | undefined {
  let format: Intl.DateTimeFormat;
  try {
    // Swedish dates are ISO dates.
    format = new Intl.DateTimeFormat('sv', { timeZone: timezone, dateStyle: 'short', timeStyle: 'medium' });
  } catch {
    return undefined;
  }
  return (instant) =>
    Date.parse(`${format.format(instant).replace(' ', 'T')}Z`) - Math.floor(instant / 1000) * 1000;
}
