import type { Performance } from './airlines.ts';
import type { FlightStatus } from './flight-record.ts';
import { between, type Random } from './random.ts';

/** How a flight ends, decided once for its day, whenever somebody looks. */
export interface Outcome {
  end: 'landed' | 'cancelled' | 'diverted' | 'incident';
  /** Minutes after the timetable; negative is early. */
  departure: number;
  arrival: number;
  /** What the day after still shows of it; null when its end is reported at once. */
  unreported: 'active' | 'scheduled' | null;
  /** Whether its actual departure is not told before it has landed. */
  silent: boolean;
}

/** What of an outcome is known at a moment. Actual times are minutes after the timetable. */
export interface Sight {
  status: FlightStatus;
  departure: { actual: number | null; delay: number | null };
  arrival: { actual: number | null; delay: number | null };
}

/** When somebody looks: minutes since 1970 in UTC, and whether the last reports of the day are still missing. */
export interface Moment {
  now: number;
  reportsMissing: boolean;
}

const NOT_KNOWN = { actual: null, delay: null };
const ANNOUNCED_AHEAD = 180;
const CANCELLED_AHEAD = 360;

export function outcome(random: Random, performance: Performance): Outcome {
  const fate = random();
  const late = random() < performance.late;
  const departure = late
    ? Math.min(15 + Math.round(-Math.log(1 - random()) * performance.lateness), 400)
    : between(random, -14, 9);
  const arrival = departure + between(random, -14, 8);
  const report = random();
  return {
    end: endOf(fate, performance.cancelled),
    departure,
    arrival,
    unreported: report < 0.02 ? 'active' : report < 0.03 ? 'scheduled' : null,
    silent: random() < 0.3,
  };
}

function endOf(fate: number, cancelled: number): Outcome['end'] {
  if (fate < cancelled) return 'cancelled';
  if (fate < cancelled + 0.002) return 'diverted';
  return fate < cancelled + 0.0026 ? 'incident' : 'landed';
}

/**
 * The state of a flight at a moment; departure and arrival are its timetable in UTC minutes.
 * A delay is minutes late or null: the API writes neither an early flight nor a punctual one.
 */
export function sight(outcome: Outcome, departs: number, arrives: number, moment: Moment): Sight {
  const { now } = moment;
  const unreported = moment.reportsMissing ? outcome.unreported : null;
  if (unreported === 'scheduled') return waiting(null);
  if (outcome.end === 'cancelled') {
    if (unreported !== null || now < departs - CANCELLED_AHEAD) return waiting(null);
    return { status: 'cancelled', departure: NOT_KNOWN, arrival: NOT_KNOWN };
  }
  if (now < departs + outcome.departure) {
    return waiting(now > departs - ANNOUNCED_AHEAD ? late(outcome.departure) : null);
  }
  const departure = { actual: outcome.departure, delay: late(outcome.departure) };
  if (unreported !== null || now < arrives + outcome.arrival) {
    return {
      status: 'active',
      departure: outcome.silent ? { ...departure, actual: null } : departure,
      arrival: { actual: null, delay: late(outcome.arrival) },
    };
  }
  if (outcome.end !== 'landed') return { status: outcome.end, departure, arrival: NOT_KNOWN };
  const arrival = { actual: outcome.arrival, delay: late(outcome.arrival) };
  return { status: 'landed', departure, arrival };
}

function waiting(delay: number | null): Sight {
  return { status: 'scheduled', departure: { actual: null, delay }, arrival: NOT_KNOWN };
}

function late(minutes: number): number | null {
  return minutes > 0 ? minutes : null;
}
