import { z } from 'zod';
import { name } from './names.ts';

export const load = z
  .strictObject({
    table: name.describe('The table in the schema of the warehouse.'),
    mode: z
      .enum(['replace_partition', 'merge', 'replace'])
      .default('replace_partition')
      .describe(
        'What becomes of the rows that are there: those of the partition are replaced, those of the same key by newer ones, or the whole table.',
      ),
    newest_by: z
      .string()
      .optional()
      .describe('With mode: merge: a row is replaced by one of its key in which this column is not less.'),
    partition_column: z
      .string()
      .optional()
      .describe('A row in which it is another date than the partition is quarantined, in every mode.'),
    on_empty: z
      .enum(['fail', 'skip', 'replace'])
      .default('fail')
      .describe('When no row is left: fail, leave the table as it is, or empty the partition.'),
  })
  .refine(({ mode, newest_by }) => mode === 'merge' || newest_by === undefined, {
    message: 'goes with mode: merge only',
    path: ['newest_by'],
  });

export type Load = z.output<typeof load>;
