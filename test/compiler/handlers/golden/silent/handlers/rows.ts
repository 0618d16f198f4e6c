import type { Row, Rows, Transform, TransformContext } from 'pipegen/handlers';
import type { AnnotatedRow } from '../generated/types/annotated.ts';

interface Order {
  id: number;
  at?: string;
}

type Brand = string & { readonly brand: unique symbol };

export function everything(order: Order, { partition, slice }: TransformContext) {
  const branded = `a${slice}` as Brand;
  return {
    id: BigInt(order.id),
    long: order.id === 1 ? '1' : 1,
    price: '12.50',
    ratio: order.id / 2,
    late: order.id > 1 ? true : null,
    day: partition.date,
    at: new Date(),
    wall: order.at,
    clock: '10:20',
    tags: order.id === 0 ? undefined : [branded, null],
    days: ['2026-01-31'],
    extra: { order, list: [order] },
    text: order.id > 1 ? 1 : 'one',
    stranger: 1,
  };
}

export const annotated: (order: Order) => AnnotatedRow | null = (order) =>
  order.id === 0 ? null : { id: order.id, gate: 'A1' };

export async function* generator(order: Order): AsyncGenerator<Row> {
  if (order.id === 0) return 7;
  yield { id: order.id, gate: null };
  yield* [order.id].map((id) => ({ id, gate: 'A1' }));
  const later = () => {
    return 'not what the handler returns';
  };
  yield { id: later().length };
}

export const promised: Transform<Order> = async (order) => [{ id: await Promise.resolve(order.id), gate: 'x' }];

export function nothing(order: Order) {
  if (order.id === 0) throw new Error('never');
}

export function unknown(order: Order): unknown {
  return JSON.parse(order.at ?? '{}');
}

export function whole(record: { id: number; [name: string]: unknown }) {
  return record;
}

export function loose(record: Record<string, unknown>): Rows {
  return { ...record } as Row;
}

export function optional(order: Order, context?: TransformContext, ...more: unknown[]) {
  const row: { id: number; gate?: string } = { id: order.id };
  row.gate = `${context?.slice}${more.length}`;
  return row;
}

export function spread({ id, ...rest }: Order) {
  return { ...rest, gate: 'A1', ...{ id } };
}

export function overloaded(order: Order): { id: number; gate: string };
export function overloaded(order: Order, context: TransformContext, extra: number): { id: number; gate: string };
export function overloaded(order: Order, context?: TransformContext, extra?: number) {
  return { id: order.id, gate: `${context?.slice}${extra}` };
}

export const partial = (function (this: unknown, order: Order) {
  const rows = [];
  rows.push({ id: order.id, gate: 'A1' });
  return rows;
}) satisfies Transform<Order>;

export function nulls(order: Order) {
  return { id: order.id === 0 ? '-' : order.id, late: order.at };
}
