import { z } from 'zod';
import { share } from './quantities.ts';

export const key = z
  .strictObject({
    columns: z.array(z.string()).min(1).describe('Rows that agree in all of them are duplicates.'),
    keep: z
      .enum(['first', 'last', 'latest'])
      .default('last')
      .describe(
        'Which of the duplicates stays: by order of arrival, or the one with the greatest value of `by`.',
      ),
    by: z.string().optional().describe('With keep: latest: the column that says which row is newer.'),
    max_duplicates: share.default('0%').describe('More duplicates than this share of the rows end the run.'),
  })
  .refine(({ keep, by }) => (keep === 'latest') === (by !== undefined), {
    message: 'goes with keep: latest, which needs it',
    path: ['by'],
  });

export type Key = z.output<typeof key>;
