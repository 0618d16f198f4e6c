import type { Ghost } from './types.ts';
import type { Missing } from './none.ts';

export const value = { id: 'A1' };

export function three(record: { id: string }, context: unknown, more: number) {
  return { id: record.id, context, more };
}

export function context(record: { id: string }, slice: string) {
  return { id: record.id + slice };
}

export function text(record: { id: string }) {
  return record.id;
}

export function list(record: { id: string }) {
  return [new Set([record.id]), 7];
}

export function* nulls(record: { id: string }) {
  yield record.id === '' ? null : record;
}

export function typed(record: Ghost): Missing {
  return { id: record.id };
}

export interface exported {
  id: string;
}

function rename(record: { id: string }) {
  return record;
}
export { rename as renmaed };
