import { z } from 'zod';
import { columnType } from './column-type.ts';
import { mask } from './mask.ts';
import { name, text } from './names.ts';

/** A number, or a text for what a YAML number can't hold: a date, 38 digits. */
const bound = z.union([z.number(), text.min(1)]);

/** What a column must be and becomes, apart from where it comes from; the same in the spec and in the job. */
export const columnRules = {
  required: z.boolean().default(false).describe('A row without it is set aside.'),
  null_if: z.array(z.string()).default([]).describe('Texts that mean nothing, taken as null.'),
  default: z.union([text, z.number(), z.boolean()]).optional().describe('The value of a row that has none.'),
  accepted: z.array(z.string()).min(1).optional().describe('Any other value sets the row aside.'),
  min: bound.optional().describe('The smallest value accepted: a number, or a date or time as text.'),
  max: bound.optional().describe('The greatest value accepted: a number, or a date or time as text.'),
  pattern: text
    .min(1)
    .optional()
    .describe('Regular expression in the syntax of RE2 that the whole text must match.'),
  max_length: z.int().min(0).optional().describe('Characters that a text may have.'),
  mask: mask
    .optional()
    .describe('What is written in place of the value: in tables, quarantine and messages.'),
};

export const column = z
  .strictObject({
    from: z
      .union([z.string().min(1), z.array(z.string().min(1)).min(1)])
      .optional()
      .describe(
        'Where the value is: a dotted path, a /pointer, the header of a CSV file as it stands, ${…} of a for_each parent; or several: the first that is not null. Default: the name.',
      ),
    type: columnType
      .default('string')
      .describe(
        'integer is 64 bits, bigint 38 digits; timestamp is an instant, stored as UTC; local_timestamp drops the zone it is labelled with.',
      ),
    ...columnRules,
    description: text.optional().describe('What the column means.'),
  })
  .refine(({ required, default: value }) => !required || value === undefined, {
    message: 'has a default and so is never missing: remove one of the two',
    path: ['required'],
  });

export type Column = z.output<typeof column>;

export const columns = z
  .record(name, column.prefault({}))
  .refine((value) => Object.keys(value).length > 0, 'needs at least one column')
  .describe('Name of a column: where it comes from and what it must be.');
