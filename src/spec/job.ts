import { createHash } from 'node:crypto';
import { z } from 'zod';
import { check } from './check.ts';
import { COLUMN_TYPES, contract, key } from './column.ts';
import { dbt } from './dbt.ts';
import { store, warehouse } from './environment.ts';
import { extract } from './extract.ts';
import { load } from './load.ts';
import { source } from './source.ts';
import { STEPS } from './steps.ts';

/**
 * What a container needs to know and nothing more: resolved for one environment, free of secrets, embedded in
 * the DAG as one JSON constant. The compiler writes it, the runtime reads it; neither knows the other.
 *
 * Paths in it are relative to the project (`PIPEGEN_HOME`). `auth.secret` is the name of an environment
 * variable. `${partition}` and `${slice.NAME}` are still to be filled in; `${variables.NAME}` too where
 * `variables` has them (process launcher), and there `PIPEGEN_VAR_<NAME>` of the process comes first.
 */
export const job = z.strictObject({
  version: z.literal(1),
  pipeline: z.string(),
  environment: z.string(),
  timezone: z.string(),
  /** The steps of this pipeline, in order: the one before a step is whose receipt it requires. */
  steps: z.array(z.enum(STEPS)).min(1),
  variables: z.record(z.string(), z.string()),
  store,
  warehouse,
  extract: z
    .strictObject({
      ...extract.omit({ source: true, slices: true }).shape,
      source,
      slices: z
        .strictObject({
          name: z.string(),
          values: z.array(z.string()).min(1),
          parallel: z.int().min(1),
          on_empty: z.enum(['allow', 'fail']),
        })
        .optional(),
    })
    .optional(),
  columns: z
    .array(
      z.strictObject({
        name: z.string(),
        /** Dotted paths, the first that is not null counts. */
        from: z.array(z.string()).min(1),
        type: z.enum(COLUMN_TYPES),
        required: z.boolean().default(false),
        null_if: z.array(z.string()).default([]),
        accepted: z.array(z.string()).optional(),
        min: z.number().optional(),
        max: z.number().optional(),
      }),
    )
    .optional(),
  key: key.optional(),
  contract,
  load: load.optional(),
  checks: z.array(check),
  dbt: dbt.optional(),
});

export type Job = z.output<typeof job>;
/** As it is written: what has its default may be left out. */
export type WrittenJob = z.input<typeof job>;
export type JobColumn = NonNullable<Job['columns']>[number];

/** The same bytes for the same job, whatever the order of its keys; 16 hexadecimal digits of SHA-256. */
export function jobHash(value: Job): string {
  return createHash('sha256').update(canonical(value)).digest('hex').slice(0, 16);
}

/** JSON with sorted keys and nothing that is undefined. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value !== null && typeof value === 'object') {
    const entries = Object.entries(value).filter(([, one]) => one !== undefined);
    entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    return `{${entries.map(([key, one]) => `${JSON.stringify(key)}:${canonical(one)}`).join(',')}}`;
  }
  return JSON.stringify(value) ?? 'null';
}
