import { BadData, type Batch, type SourceContext, type SourceHandler } from 'pipegen/handlers';
import type { Client } from 'a-package-that-is-not-installed';
import type { TypedRecord } from '../generated/types/typed.ts';

interface Order {
  id: number;
  at: Date;
}

export async function* read(context: SourceContext<string, { url: string }>) {
  const answer = await context.request(new URL(context.options.url), { headers: { a: context.secret('token') } });
  const page = answer.json<{ orders?: Order[]; count?: number }>();
  if (page.orders === undefined) throw new BadData('no orders');
  yield { records: page.orders, checkpoint: context.checkpoint ?? 'a', total: page.count };
  yield { records: [] };
}

export const typed: SourceHandler<TypedRecord> = async function* () {
  const batch: Batch<TypedRecord> = { records: [{ id: 'A1', departure: { gate: 7 } }] };
  yield batch;
};

export async function* loose(context: SourceContext, client?: Client) {
  for await (const one of client.rows()) yield one;
}
