import { z } from 'zod';
import { name } from './names.ts';
import { paginate } from './paginate.ts';
import { request } from './request.ts';

/** Names that other placeholders begin with. */
const TAKEN: readonly string[] = ['partition', 'slice', 'run', 'variables'];

/** Parents, each of which has a list of its own that is read. */
export const forEach = z.strictObject({
  as: name
    .refine((value) => !TAKEN.includes(value), 'means something else in a placeholder: take another name')
    .describe('Name of a parent in placeholders: order makes ${order.id}.'),
  path: request.path.describe('Of the list of parents, appended to the base URL.'),
  method: request.method,
  query: request.query,
  headers: request.headers,
  body: request.body,
  records: z
    .string()
    .default('')
    .describe('Dotted path to the list of parents; empty: the answer is the list.'),
  paginate: paginate.prefault({ kind: 'none' }).describe('How one page of parents leads to the next.'),
  parallel: z
    .int()
    .min(1)
    .max(64)
    .default(1)
    .describe('Children’s lists read at the same time, for each slice in progress.'),
});

export type ForEach = z.output<typeof forEach>;
