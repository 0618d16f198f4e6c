import { CronExpressionParser } from 'cron-parser';
import { shift } from '../../../spec/partition.ts';

/**
 * A run of CronPartitionTimetable starts one tick after its partition, and `start_date` is about starts: it has to be
 * after the tick of the first partition, and not after the next one. Midnight where that is so.
 * As in Airflow, the ticks are those of the wall clock, whatever the nights are that change it.
 * @param date the first day that is wanted, `2026-01-01`
 * @returns the first day that the schedule has, and local time, `2026-01-02` or `2026-01-01T06:01`
 */
export function firstRun(cron: string, date: string): { partition: string; startDate: string } {
  const ticks = firstTicks(cron, date);
  if (ticks === undefined) return { partition: date, startDate: date };
  const [first, next] = ticks;
  const partition = local(first).slice(0, 10);
  const alone = partition !== local(next).slice(0, 10);
  return { partition, startDate: alone ? shift(partition, 1) : local(first + 60_000) };
}

/** Undefined for a cron that no date fits: it starts no run whatever its start date is. */
function firstTicks(cron: string, date: string): [number, number] | undefined {
  const currentDate = new Date(Date.parse(`${date}T00:00:00Z`) - 1);
  try {
    const ticks = CronExpressionParser.parse(cron, { tz: 'UTC', currentDate });
    return [ticks.next().getTime(), ticks.next().getTime()];
  } catch {
    return undefined;
  }
}

function local(time: number): string {
  return new Date(time).toISOString().slice(0, 16);
}
