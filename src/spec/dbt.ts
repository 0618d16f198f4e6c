import { z } from 'zod';

export const dbt = z.strictObject({
  project: z.string().min(1).describe('Folder of the dbt project, relative to the spec.'),
  select: z.array(z.string().min(1)).min(1).describe('What `dbt build` selects, in its own syntax.'),
});

export type Dbt = z.output<typeof dbt>;
