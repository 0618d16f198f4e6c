import { z } from 'zod';
import { name } from './names.ts';
import { duration, share } from './quantities.ts';
import { sqlCondition, sqlQuery } from './sql-text.ts';

const common = {
  where: sqlCondition
    .optional()
    .describe('SQL condition over the columns: the check looks at the rows that meet it.'),
  severity: z.enum(['error', 'warning']).default('error').describe('A warning is recorded and nothing more.'),
  when: z
    .enum(['gate', 'after_load'])
    .default('gate')
    .describe('Before the partition is published, or on the table afterwards.'),
};

const rowCount = z
  .strictObject({
    min: z.int().min(0).optional().describe('As many at least.'),
    max: z.int().min(0).optional().describe('As many at most.'),
  })
  .refine((value) => value.min !== undefined || value.max !== undefined, 'needs min, max or both')
  .refine(({ min = 0, max = Number.POSITIVE_INFINITY }) => min <= max, 'has a min above its max');

const referential = z
  .strictObject({
    columns: z.array(z.string()).min(1).describe('Columns of this table.'),
    table: name.describe('A table in the same schema of the warehouse, such as one of reference data.'),
    references: z
      .array(name)
      .min(1)
      .optional()
      .describe('Its columns, one for each of ours. Default: the same names.'),
    max: share.default('0%').describe('As large a share at most.'),
  })
  .refine(
    ({ columns, references = columns }) => columns.length === references.length,
    'needs as many references as columns',
  );

const sql = z
  .strictObject({
    name: name.describe('What the check is called in results and messages.'),
    condition: sqlCondition.optional().describe('What must be true of every row; null is not true.'),
    max: share.optional().describe('Share of rows for which it may not be true. Default: 0%.'),
    query: sqlQuery
      .optional()
      .describe('Returns the rows that offend; the rows under check are the table partition_rows.'),
    max_rows: z.int().min(0).optional().describe('Rows that the query may return. Default: 0.'),
  })
  .refine(
    ({ condition, query }) => (condition === undefined) !== (query === undefined),
    'needs either condition or query',
  )
  .refine(({ query, max }) => query === undefined || max === undefined, {
    message: 'is a share of the rows that meet no condition: a query has max_rows',
    path: ['max'],
  })
  .refine(({ condition, max_rows }) => condition === undefined || max_rows === undefined, {
    message: 'is of a query: a condition has max',
    path: ['max_rows'],
  });

/** One kind a check: `{ row_count: { min: 1 } }`; the options that all kinds share stand beside it. */
export const check = z
  .strictObject({
    row_count: rowCount.optional().describe('Rows of the partition.'),
    null_rate: z
      .strictObject({
        column: z.string().describe('The column.'),
        max: share.describe('As large a share at most.'),
      })
      .optional()
      .describe('Share of rows without a value.'),
    duplicate_rate: z
      .strictObject({
        columns: z.array(z.string()).min(1).describe('The key.'),
        max: share.default('0%').describe('As large a share at most.'),
      })
      .optional()
      .describe('Share of rows beyond the first of their key; a key with a null is nobody’s duplicate.'),
    freshness: z
      .strictObject({
        column: z.string().describe('A date or a time.'),
        max: duration.describe('As old at most.'),
      })
      .optional()
      .describe('Age of the newest value at the end of the partition; no value at all fails.'),
    volume_anomaly: z
      .strictObject({
        weeks: z.int().min(4).max(52).default(8).describe('Weeks before the partition that are looked at.'),
        sensitivity: z
          .number()
          .min(1)
          .max(100)
          .default(4)
          .describe('Usual deviations that the rows may be away from the usual number.'),
      })
      .optional()
      .describe('Rows against those of the same weekday in the weeks before.'),
    referential: referential
      .optional()
      .describe('Share of rows whose columns are in no row of another table.'),
    reconcile: z
      .strictObject({ tolerance: share.default('0%').describe('How far they may be apart.') })
      .optional()
      .describe('Rows, quarantine, duplicates and filtered together against the total that the API named.'),
    sql: sql.optional().describe('SQL of your own, run on the warehouse as it stands.'),
    ...common,
  })
  .refine((value) => CHECK_KINDS.filter((kind) => value[kind] !== undefined).length === 1, {
    message: 'needs exactly one kind of check, such as row_count: { min: 1 }',
  })
  .refine(
    ({ where, volume_anomaly, reconcile, sql: own }) => {
      return where === undefined || (volume_anomaly ?? reconcile ?? own?.query) === undefined;
    },
    {
      message: 'has no meaning for volume_anomaly, reconcile and a query, which look at all rows',
      path: ['where'],
    },
  );

export const CHECK_KINDS = [
  'row_count',
  'null_rate',
  'duplicate_rate',
  'freshness',
  'volume_anomaly',
  'referential',
  'reconcile',
  'sql',
] as const;

export type Check = z.output<typeof check>;
