import { z } from 'zod';
import { check } from './check.ts';
import { columns, contract, key } from './column.ts';
import { dbt } from './dbt.ts';
import { extract } from './extract.ts';
import { load } from './load.ts';
import { text } from './names.ts';
import { partition } from './partition.ts';
import { duration } from './quantities.ts';

/** One object rather than a union, so that a mistake in it is told where it is. */
const schedule = z
  .strictObject({
    cron: z.string().min(1).optional().describe('Five fields, in the time zone below.'),
    timezone: z.string().min(1).default('UTC').describe('IANA name; partitions are its calendar days.'),
    after: z
      .strictObject({
        all: z.array(z.string()).min(1).optional(),
        any: z.array(z.string()).min(1).optional(),
      })
      .refine((value) => (value.all === undefined) !== (value.any === undefined), 'needs either all or any')
      .optional()
      .describe('Starts when these pipelines have published.'),
  })
  .refine(
    (value) => (value.cron === undefined) !== (value.after === undefined),
    'needs either cron or after',
  );

/** What `defaults` may set for every pipeline. */
export const operation = {
  owner: text.min(1).default('airflow').describe('Who answers for the pipeline.'),
  retries: z.int().min(0).max(20).default(3).describe('Of each task.'),
  retry_delay: duration.default('5m'),
  timeout: duration.default('30m').describe('Of each step; the wait for a pod is not counted.'),
  run_timeout: duration.default('6h').describe('Of a whole run.'),
  catchup: z.boolean().default(false).describe('Whether Airflow runs every schedule since start_date.'),
  max_active_runs: z.int().min(1).default(1),
};

export const pipeline = z.strictObject({
  description: text.default(''),
  tags: z.array(text.min(1)).default([]),
  schedule: schedule.optional().describe('A cron, other pipelines, or none: by hand only.'),
  start_date: partition.default('2026-01-01').describe('No run is for an earlier day.'),
  partition: z
    .strictObject({
      lookback: z
        .int()
        .min(0)
        .max(60)
        .default(0)
        .describe('Days before its own that a scheduled run replaces too.'),
    })
    .prefault({}),
  extract: extract.optional(),
  columns: columns.optional(),
  key: key.optional(),
  contract: contract.prefault({}),
  load: load.optional(),
  checks: z.array(check).default([]),
  dbt: dbt.optional(),
  ...operation,
});

export const defaults = z.strictObject(operation).partial();

export type Pipeline = z.output<typeof pipeline>;
