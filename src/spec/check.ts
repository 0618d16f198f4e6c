import { z } from 'zod';
import { share } from './quantities.ts';

const common = {
  severity: z.enum(['error', 'warning']).default('error').describe('A warning is recorded and nothing more.'),
  when: z
    .enum(['gate', 'after_load'])
    .default('gate')
    .describe('Before the partition is published, or on the table afterwards.'),
};

const rowCount = z
  .strictObject({ min: z.int().min(0).optional(), max: z.int().min(0).optional() })
  .refine((value) => value.min !== undefined || value.max !== undefined, 'needs min, max or both');

/** One kind a check: `{ row_count: { min: 1 } }`; the options that all kinds share stand beside it. */
export const check = z
  .strictObject({
    row_count: rowCount.optional().describe('Rows of the partition.'),
    null_rate: z
      .strictObject({ column: z.string(), max: share })
      .optional()
      .describe('Share of rows without a value.'),
    duplicate_rate: z
      .strictObject({ columns: z.array(z.string()).min(1), max: share.default('0%') })
      .optional()
      .describe('Share of rows beyond the first of their key; a key with a null is nobody’s duplicate.'),
    reconcile: z
      .strictObject({ tolerance: share.default('0%') })
      .optional()
      .describe('Rows, quarantine, duplicates and filtered together against the total that the API named.'),
    ...common,
  })
  .refine((value) => CHECK_KINDS.filter((kind) => value[kind] !== undefined).length === 1, {
    message: 'needs exactly one kind of check, such as row_count: { min: 1 }',
  });

export const CHECK_KINDS = ['row_count', 'null_rate', 'duplicate_rate', 'reconcile'] as const;

export type Check = z.output<typeof check>;
