import type { Row, Transform } from 'pipegen/handlers';
import type { AnnotatedRow } from '../generated/types/annotated.ts';
import { rowOf } from './row-of.ts';

interface Flight {
  id: number;
  number?: string;
}

export function literal(flight: Flight) {
  return { id: flight.id };
}

export function misspelt(flight: Flight) {
  return { flight_nubmer: flight.number, gate: 'A1' };
}

export function branches(flight: Flight) {
  if (flight.id === 0) return null;
  if (flight.id === 1) return { gate: 'A1' };
  return flight.number === undefined ? { id: 'x' } : { id: flight.number, gate: 'A2' };
}

export function* generator(flight: Flight) {
  yield { day: '2026-01-31', line: flight.id };
  yield* [{ line: 2 }];
}

export async function promised(flight: Flight) {
  const row = await Promise.resolve({ id: flight.number });
  return row;
}

export function list(flight: Flight) {
  return [flight].map(({ id }) => ({ id: String(id) }));
}

export const arrow: Transform<Flight> = ({ number }) => ({ id: number });

const wrap = <Result>(make: (flight: Flight) => Result) => make;
export const made = wrap((flight) => ({ id: flight.number }));

export { rowOf as elsewhere };

export const empty = () => ({});

export { default as byDefault } from './row-of.ts';

export function annotated(flight: Flight): AnnotatedRow {
  const named: Row = { id: 'not told' };
  if (flight.id === 0) return named as AnnotatedRow;
  return { gate: 'A1' };
}
