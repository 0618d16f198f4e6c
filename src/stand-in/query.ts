import { isPartition } from '../spec/partition.ts';
import type { ValidationContext } from './api-error.ts';
import { FLIGHT_STATUSES, type FlightRecord } from './data/flight-record.ts';

export interface FlightQuery {
  /** As asked for; the page cap comes later. */
  limit: number;
  offset: number;
  date: string | undefined;
  matches(record: FlightRecord): boolean;
}

const DEFAULT_LIMIT = 100;

type Read = (record: FlightRecord) => string | null;

/** Filters on text: codes and names are compared without regard to case. */
const TEXTS: Record<string, Read> = {
  flight_status: (record) => record.flight_status,
  airline_name: (record) => record.airline.name,
  airline_iata: (record) => record.airline.iata,
  airline_icao: (record) => record.airline.icao,
  dep_iata: (record) => record.departure.iata,
  dep_icao: (record) => record.departure.icao,
  arr_iata: (record) => record.arrival.iata,
  arr_icao: (record) => record.arrival.icao,
  flight_number: (record) => record.flight.number,
  flight_iata: (record) => record.flight.iata,
  flight_icao: (record) => record.flight.icao,
  dep_scheduled_time_dep: (record) => record.departure.scheduled.slice(0, 10),
  arr_scheduled_time_arr: (record) => record.arrival.scheduled.slice(0, 10),
};

/** Filters on minutes; a record without a delay passes none of them. */
const DELAYS: Record<string, (record: FlightRecord, minutes: number) => boolean> = {
  min_delay_dep: ({ departure: { delay } }, minutes) => delay !== null && delay >= minutes,
  max_delay_dep: ({ departure: { delay } }, minutes) => delay !== null && delay <= minutes,
  min_delay_arr: ({ arrival: { delay } }, minutes) => delay !== null && delay >= minutes,
  max_delay_arr: ({ arrival: { delay } }, minutes) => delay !== null && delay <= minutes,
};

const DATES = ['flight_date', 'dep_scheduled_time_dep', 'arr_scheduled_time_arr'];

/** Reads the documented parameters; others are ignored. Everything that is wrong is told at once. */
export function readQuery(
  parameters: Record<string, string>,
): { query: FlightQuery } | { context: ValidationContext } {
  const context: ValidationContext = {};
  const refuse = (name: string, must: string) => {
    const words = name.replaceAll('_', ' ');
    context[name] = [{ key: `invalid_${name}`, message: `The ${words} must ${must}.` }];
  };
  const whole = (name: string, least: number, fallback: number) => {
    const text = parameters[name];
    if (text === undefined) return fallback;
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    if (!(value >= least)) refuse(name, `be a whole number from ${least} up`);
    return value;
  };
  const tests: ((record: FlightRecord) => boolean)[] = [];
  const limit = whole('limit', 1, DEFAULT_LIMIT);
  const offset = whole('offset', 0, 0);
  for (const name of DATES) {
    const text = parameters[name];
    if (text !== undefined && !isPartition(text)) refuse(name, 'be a valid date in the format YYYY-MM-DD');
  }
  const status = parameters.flight_status;
  if (status !== undefined && !FLIGHT_STATUSES.some((one) => one === status.toLowerCase())) {
    refuse('flight_status', `be one of ${FLIGHT_STATUSES.join(', ')}`);
  }
  for (const [name, read] of Object.entries(TEXTS)) {
    const wanted = parameters[name]?.toLowerCase();
    if (wanted === '') refuse(name, 'not be empty');
    if (wanted !== undefined) tests.push((record) => read(record)?.toLowerCase() === wanted);
  }
  for (const [name, test] of Object.entries(DELAYS)) {
    const minutes = whole(name, 0, Number.NaN);
    if (parameters[name] !== undefined) tests.push((record) => test(record, minutes));
  }
  if (Object.keys(context).length > 0) return { context };
  const matches = (record: FlightRecord) => tests.every((test) => test(record));
  return { query: { limit, offset, date: parameters.flight_date, matches } };
}
