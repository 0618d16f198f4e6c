import { z } from 'zod';
import { name, text } from './names.ts';
import { share } from './quantities.ts';

export const COLUMN_TYPES = [
  'string',
  'integer',
  'double',
  'boolean',
  'date',
  'timestamp',
  'local_timestamp',
] as const;

export type ColumnType = (typeof COLUMN_TYPES)[number];

export const column = z.strictObject({
  from: z
    .union([z.string().min(1), z.array(z.string().min(1)).min(1)])
    .optional()
    .describe('Dotted path in the record, or several: the first that is not null. Default: the name.'),
  type: z
    .enum(COLUMN_TYPES)
    .default('string')
    .describe(
      'integer is 64 bits; timestamp is an instant, stored as UTC; local_timestamp drops the zone it is labelled with.',
    ),
  required: z.boolean().default(false).describe('A row without it is quarantined.'),
  null_if: z.array(z.string()).default([]).describe('Texts that mean nothing, taken as null.'),
  accepted: z.array(z.string()).min(1).optional().describe('Any other value quarantines the row.'),
  min: z.number().optional().describe('The smallest number accepted.'),
  max: z.number().optional().describe('The largest number accepted.'),
  description: text.optional().describe('What the column means.'),
});

export const columns = z
  .record(name, column.prefault({}))
  .refine((value) => Object.keys(value).length > 0, 'needs at least one column')
  .describe('Name of a column: where it comes from and what it must be.');

export const key = z.strictObject({
  columns: z.array(z.string()).min(1).describe('Rows that agree in all of them are duplicates.'),
  keep: z
    .enum(['first', 'last'])
    .default('last')
    .describe('Which of the duplicates stays, by order of arrival.'),
  max_duplicates: share.default('0%').describe('More duplicates than this share of the rows end the run.'),
});

export const contract = z.strictObject({
  bad_rows: z
    .enum(['quarantine', 'fail'])
    .default('quarantine')
    .describe('Whether a row that breaks a rule is set aside or ends the run.'),
  max_bad_rows: share.default('1%').describe('More than this share of the rows ends the run.'),
});

export type Key = z.output<typeof key>;
export type Contract = z.output<typeof contract>;
