import { z } from 'zod';
import { forEach } from './for-each.ts';
import { format } from './format.ts';
import { paginate } from './paginate.ts';
import { duration } from './quantities.ts';
import { type RequestText, request, textsOfRequest } from './request.ts';
import { slices } from './slices.ts';

const missing = z.strictObject({
  status: z.int().min(400).max(499).default(404).describe('The status that says it is not there.'),
  wait: duration
    .optional()
    .describe('How long after the step began it is asked for again; without it, not at all.'),
  every: duration.default('5m').describe('Between two requests for it.'),
  // biome-ignore lint/suspicious/noThenProperty: the language's word for what follows
  then: z
    .enum(['fail', 'skip'])
    .default('fail')
    .describe('What its absence means then: bad data, or nothing to do.'),
});

export const extract = z.strictObject({
  source: z.string().describe('One of the sources.'),
  path: request.path.optional().describe('Appended to the base URL of an http source.'),
  method: request.method,
  query: request.query,
  headers: request.headers,
  body: request.body,
  slices: slices.optional().describe('Reads once for each value, or for each window of the day.'),
  for_each: forEach.optional().describe('Reads once for each record of another list.'),
  paginate: paginate.prefault({ kind: 'none' }).describe('How one page leads to the next.'),
  records: z
    .string()
    .default('')
    .describe('Dotted path to the list of records; empty: the answer is the list.'),
  format: format.prefault({ kind: 'json' }).describe('What an answer is.'),
  missing: missing.optional().describe('What a file that is not there means; it may be late.'),
  max_requests: z.int().min(1).optional().describe('A lower budget than the source has.'),
  resume_within: duration.default('1h').describe('Landed pages older than this are read again by a retry.'),
});

export type Extract = z.output<typeof extract>;
export type { Paginate } from './paginate.ts';

/** Every text of an extract that may hold placeholders, with its path inside the extract. */
export function textsOfExtract(
  value: Pick<Extract, 'path' | 'query' | 'headers' | 'body' | 'for_each'>,
): RequestText[] {
  const parents = value.for_each === undefined ? [] : textsOfRequest(value.for_each);
  return [
    ...textsOfRequest(value),
    ...parents.map(({ path, text }) => ({ path: ['for_each', ...path], text })),
  ];
}
