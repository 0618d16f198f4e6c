import { shift } from '../../../spec/partition.ts';
import { milliseconds } from '../../../spec/quantities.ts';
import { dayOf } from '../../day.ts';
import { configuration } from '../../errors.ts';
import type { WarehouseColumn } from '../../ports/warehouse.ts';
import type { Plan } from './plan.ts';

const DAY = 86_400_000;

/**
 * The age of the newest value at the end of the partition, never by the clock, so that a backfill finds what the
 * first run found. Instants are measured to the end of the day in the schedule's time zone, dates and local times by
 * the calendar; a date is as new as its end. Newer values than the end have an age below zero, which passes.
 */
export function freshness(
  { name, type }: WarehouseColumn,
  max: string,
  partition: string,
  timezone: string,
  where: string | undefined,
): Plan {
  if (!['date', 'timestamp', 'local_timestamp'].includes(type)) {
    throw configuration(
      `the check freshness needs a date or a timestamp, and the column "${name}" is of the type ${type}`,
    );
  }
  const midnight = Date.parse(`${shift(partition, 1)}T00:00:00Z`);
  const end = type === 'timestamp' ? dayOf(partition, timezone).end : midnight;
  const length = type === 'date' ? DAY : 0;
  const limit = milliseconds(max);
  const expected = `at most ${limit / 1000} seconds (${max}) before the end of ${partition}`;
  return {
    kind: 'freshness',
    name: `freshness(${name})`,
    measures: [{ kind: 'newest', column: name, where }],
    about: [name],
    judge: ([newest]) => {
      if (typeof newest !== 'string') {
        return { passed: false, measured: null, expected, note: `no row has a value of ${name}` };
      }
      // To the millisecond below, which makes the age no smaller than it is.
      const age = end - (Date.parse(`${newest.slice(0, 23).replace(' ', 'T')}Z`) + length);
      const shown = type === 'date' ? newest.slice(0, 10) : newest.replace(/\.?0+$/, '');
      return { passed: age <= limit, measured: age / 1000, expected, note: `the newest is ${shown}` };
    },
  };
}
