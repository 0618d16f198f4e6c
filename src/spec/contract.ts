import { z } from 'zod';
import { share } from './quantities.ts';

export const contract = z.strictObject({
  new_fields: z
    .enum(['ignore', 'add', 'fail'])
    .default('ignore')
    .describe(
      'What fields of the source that no column reads become: nothing, a text column each, or the end of the run where an earlier run did not have them.',
    ),
  bad_rows: z
    .enum(['quarantine', 'discard', 'fail'])
    .default('quarantine')
    .describe('Whether a row that breaks a rule is set aside in a file, only counted, or ends the run.'),
  max_bad_rows: share.default('1%').describe('More than this share of the rows ends the run.'),
});

export type Contract = z.output<typeof contract>;
