import { shift } from '../../spec/partition.ts';
import type { FlightRecord } from './flight-record.ts';
import { startOfDay, utcFromLocal } from './local-time.ts';
import { type Moment, outcome, sight } from './outcome.ts';
import { between, randomFrom } from './random.ts';
import { recordsOf } from './record.ts';
import type { Service } from './timetable.ts';

/** How a day lies to today; what the API says of it depends on nothing else. */
export type Stage = 'future' | 'today' | 'yesterday' | 'past';

export interface DayPlan {
  seed: number;
  services: readonly Service[];
  /** False: every service operates every day, so that a test knows the count. */
  seasonal: boolean;
}

const NOON = 720;
const SHARE_LISTED_AGAIN = 0.003;

export function stageOf(date: string, today: string): Stage {
  if (date > today) return 'future';
  if (date === today) return 'today';
  return date === shift(today, -1) ? 'yesterday' : 'past';
}

/** All records of a flight date, in the order in which the API lists them: by departure, partners after operators. */
export function generateDay(plan: DayPlan, date: string, stage: Stage): FlightRecord[] {
  const moment = momentOf(date, stage);
  const listed: { at: number; record: FlightRecord }[] = [];
  for (const service of plan.services) {
    if (plan.seasonal && !operates(plan.seed, service, date)) continue;
    const departs = utcFromLocal(service.from.zone, startOfDay(date) + service.departs);
    const arrives = departs + service.duration;
    const ends = outcome(randomFrom(plan.seed, 'outcome', service.id, date), service.airline.performance);
    const seen = sight(ends, departs, arrives, moment);
    const records = recordsOf(plan.seed, { service, date, departs, arrives, sight: seen, now: moment.now });
    const random = randomFrom(plan.seed, 'listed again', service.id, date);
    for (const record of records) {
      listed.push({ at: departs, record });
      // The copy comes later in the list, so that it is met on another page as well as on the same.
      if (random() < SHARE_LISTED_AGAIN) listed.push({ at: departs + between(random, 0, 240), record });
    }
  }
  // Array.sort is stable: records of the same minute keep the order of the timetable.
  return listed.sort((a, b) => a.at - b.at).map(({ record }) => record);
}

/** The stand-in's clock stands at noon UTC of today, so that an answer does not change within a day. */
function momentOf(date: string, stage: Stage): Moment {
  switch (stage) {
    case 'future':
      return { now: Number.NEGATIVE_INFINITY, reportsMissing: false };
    case 'today':
      return { now: startOfDay(date) + NOON, reportsMissing: false };
    case 'yesterday':
      return { now: startOfDay(shift(date, 1)) + NOON, reportsMissing: true };
    case 'past':
      return { now: Number.POSITIVE_INFINITY, reportsMissing: false };
  }
}

function operates(seed: number, service: Service, date: string): boolean {
  const saturday = new Date(`${date}T00:00:00Z`).getUTCDay() === 6;
  return randomFrom(seed, 'operates', service.id, date)() < (saturday ? 0.84 : 0.95);
}
