import { z } from 'zod';
import { alerts } from './alerts.ts';
import { check } from './check.ts';
import { columns } from './column.ts';
import { contract } from './contract.ts';
import { dbt } from './dbt.ts';
import { extract } from './extract.ts';
import { handlerReference } from './handler.ts';
import { key } from './key.ts';
import { load } from './load.ts';
import { name, text } from './names.ts';
import { partition } from './partition.ts';
import { duration } from './quantities.ts';
import { stepSettings } from './step-settings.ts';

const foreignAsset = z
  .string()
  .regex(/^[a-z][a-z0-9+.-]*:\/\/[!-~]+$/, 'must be the URI of an asset, as Airflow lists it')
  .refine((uri) => !uri.startsWith('airflow://'), 'must not be of the scheme airflow, which is Airflow’s own')
  .refine((uri) => !uri.startsWith('pipegen://'), 'is a pipeline: name it under all or any')
  .describe(
    'URI of an asset that a DAG of somebody else updates, without a partition key. A run is for the last day that is over.',
  );

/** One object rather than a union, so that a mistake in it is told where it is. */
const schedule = z
  .strictObject({
    cron: z.string().min(1).optional().describe('Five fields, in the time zone below.'),
    timezone: z.string().min(1).default('UTC').describe('IANA name; partitions are its calendar days.'),
    after: z
      .strictObject({
        all: z
          .array(z.string())
          .min(1)
          .optional()
          .describe('Pipelines, all of which have published the same partitions.'),
        any: z.array(z.string()).min(1).optional().describe('Pipelines, one of which has published.'),
        asset: foreignAsset.optional(),
      })
      .refine(
        ({ all, any, asset }) => [all, any, asset].filter((one) => one !== undefined).length === 1,
        'needs one of all, any and asset',
      )
      .optional()
      .describe('Starts when these pipelines have published, or an asset of somebody else has.'),
  })
  .refine(
    (value) => (value.cron === undefined) !== (value.after === undefined),
    'needs either cron or after',
  );

/** What `defaults` may set for every pipeline. */
export const operation = {
  owner: text.min(1).default('airflow').describe('Who answers for the pipeline.'),
  retries: z.int().min(0).max(20).default(3).describe('Of each task.'),
  retry_delay: duration.default('5m').describe('Before the first retry.'),
  retry_backoff: z
    .strictObject({
      exponential: z
        .boolean()
        .default(true)
        .describe('Whether each delay is twice the one before, and up to as much again by chance.'),
      max: duration.default('1h').describe('No exponential delay is longer.'),
    })
    .prefault({})
    .describe('How delays grow from retry to retry.'),
  timeout: duration.default('30m').describe('Of each step; the wait for a pod is not counted.'),
  run_timeout: duration.default('6h').describe('Of a whole run.'),
  catchup: z.boolean().default(false).describe('Whether Airflow runs every schedule since start_date.'),
  max_active_runs: z.int().min(1).default(1).describe('Runs of the pipeline at the same time.'),
  alerts: alerts.prefault({}),
};

export const pipeline = z.strictObject({
  description: text.default('').describe('What the pipeline is for; Airflow shows it.'),
  tags: z
    .array(text.min(1).refine((tag) => [...tag].length <= 100, 'must have at most 100 characters'))
    .default([])
    .describe('Airflow stores no tag of more than 100 characters.'),
  renamed_from: name
    .optional()
    .describe('What the pipeline was called before: `pipegen diff` compares the two.'),
  schedule: schedule.optional().describe('A cron, other pipelines, or none: by hand only.'),
  start_date: partition
    .default('2026-01-01')
    .describe(
      'The first day that a scheduled run is for; with a schedule that leaves days out, the first of its days from then on.',
    ),
  partition: z
    .strictObject({
      lookback: z
        .int()
        .min(0)
        .max(60)
        .default(0)
        .describe('Days before its own that a scheduled run replaces too.'),
    })
    .prefault({})
    .describe('Which days a run works on.'),
  extract: extract
    .optional()
    .describe('What is read from a source. Without it: only the steps that are there.'),
  columns: columns.optional(),
  key: key.optional().describe('What makes two rows the same.'),
  contract: contract
    .prefault({})
    .describe('What becomes of rows and fields that are not as the columns say.'),
  transform: handlerReference
    .optional()
    .describe('TypeScript that makes rows of records: file#export, from the spec’s folder.'),
  load: load.optional().describe('The table that the rows go to, and how.'),
  checks: z
    .array(check)
    .default([])
    .describe('What must be true of the rows of a partition, or of its table.'),
  dbt: dbt.optional().describe('Models that are built when the rows are there.'),
  steps: stepSettings.prefault({}).describe('What a step does differently from the others.'),
  ...operation,
});

export const defaults = z.strictObject(operation).partial();

export type Pipeline = z.output<typeof pipeline>;
