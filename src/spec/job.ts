import { createHash } from 'node:crypto';
import { z } from 'zod';
import { check } from './check.ts';
import { columnRules } from './column.ts';
import { columnType } from './column-type.ts';
import { contract } from './contract.ts';
import { dbt } from './dbt.ts';
import { extract } from './extract.ts';
import { handlerFiles, handlerReference } from './handler.ts';
import { key } from './key.ts';
import { load } from './load.ts';
import { sliceOptions, window } from './slices.ts';
import { source } from './source.ts';
import { STEPS } from './steps.ts';
import { store } from './store.ts';
import { warehouse } from './warehouse.ts';

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
        .union([
          z.strictObject({ name: z.string(), values: z.array(z.string()).min(1), ...sliceOptions }),
          z.strictObject({ window, ...sliceOptions }),
        ])
        .optional(),
    })
    .optional(),
  columns: z
    .array(
      z.strictObject({
        name: z.string(),
        /** As in the spec; the first that is not null counts. */
        from: z.array(z.string()).min(1),
        type: columnType,
        /** `mask.pepper` is the name of an environment variable. */
        ...columnRules,
      }),
    )
    .optional(),
  key: key.optional(),
  contract,
  transform: handlerReference.optional(),
  /** Of the source's handler and of `transform`: the code must be the one that the job was built with. */
  handlers: handlerFiles.optional(),
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
