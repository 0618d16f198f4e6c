import { z } from 'zod';
import { connection, text } from './names.ts';
import { duration } from './quantities.ts';
import { placeholders } from './template.ts';

const dbtCore = z.strictObject({
  runner: z.literal('dbt_core').optional().describe('The default: dbt Core, where the other steps run.'),
  project: z.string().min(1).describe('Folder of the dbt project, relative to the spec.'),
  select: z.array(z.string().min(1)).min(1).describe('What `dbt build` selects, in its own syntax.'),
});

const withPartition = text.min(1).superRefine((value, context) => {
  for (const { expression } of placeholders(value)) {
    if (expression === 'partition') continue;
    context.addIssue({
      code: 'custom',
      message: `holds \${${expression}}, which stands for nothing here: dbt Cloud gets \${partition} only`,
    });
  }
});

const dbtCloud = z
  .strictObject({
    runner: z.literal('dbt_cloud').describe('A job of dbt Cloud, which Airflow starts.'),
    connection: connection.default('dbt_cloud_default').describe('A connection of the type dbt Cloud.'),
    job_id: z.int().min(1).describe('Number of the job in dbt Cloud.'),
    wait: z.boolean().default(true).describe('Whether the pipeline goes on only when the job has succeeded.'),
    timeout: duration.default('1h').describe('A job that takes longer has failed, and is cancelled.'),
    commands: z
      .array(withPartition.regex(/^dbt [^\r\n]+$/, 'must be one line that begins with "dbt "'))
      .min(1)
      .optional()
      .describe('Run in place of those of the job; may hold ${partition}, the days with commas between.'),
    variables: z
      .record(
        z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must be a name: letters, digits and _'),
        z.union([withPartition, z.number(), z.boolean()]),
      )
      .optional()
      .describe('Given to each of these commands as --vars.'),
  })
  .refine((value) => value.variables === undefined || value.commands !== undefined, {
    message: 'needs commands beside it: dbt Cloud takes variables only as part of a command',
    path: ['variables'],
  });

export const dbt = z.discriminatedUnion('runner', [dbtCore, dbtCloud]);

export type DbtCloud = z.output<typeof dbtCloud>;
