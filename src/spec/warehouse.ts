import { z } from 'zod';
import { name } from './names.ts';
import { snowflake } from './snowflake.ts';

/** Where the tables are. */
export const warehouse = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('duckdb').describe('A database in a file of this machine.'),
    path: z.string().min(1).describe('The database file; relative to the project.'),
    schema: name.describe('Where the tables are.'),
  }),
  snowflake,
]);

export type Warehouse = z.output<typeof warehouse>;
