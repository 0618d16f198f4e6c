import type { SourceContext } from 'pipegen/handlers';

export function plain() {
  return [{ records: [] }];
}

export async function waits(context: SourceContext) {
  return { records: [context.slice] };
}

export async function* pages() {
  yield [{ id: 1 }];
}

export async function* records() {
  yield { records: 'A1', total: 1 };
}

export async function* twice(context: SourceContext, more: string) {
  yield { records: [context.slice, more] };
}

export async function* context(partition: { year: number }) {
  yield { records: [partition.year] };
}

export const value = 'A1';

export async function* listed(context: SourceContext<string>) {
  yield { records: [context.slice], checkpoint: 'A1' };
}
