import { z } from 'zod';
import { name } from './names.ts';

export const load = z.strictObject({
  table: name.describe('The table in the schema of the warehouse.'),
  mode: z
    .literal('replace_partition')
    .default('replace_partition')
    .describe('The partition is replaced whole.'),
  partition_column: z.string().optional().describe('A row in which it is another date is quarantined.'),
  on_empty: z
    .enum(['fail', 'skip', 'replace'])
    .default('fail')
    .describe('When no row is left: fail, leave the table as it is, or empty the partition.'),
});

export type Load = z.output<typeof load>;
