import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { StepContext } from '../../../src/runtime/context.ts';
import { type JobChanges, openRig, PARTITION, writeJob } from '../upload/rig.ts';

const OWN_DBT = resolve(import.meta.dirname, '../../../.venv/dbt/bin/dbt');
export const ENVIRONMENT = { ...process.env, PIPEGEN_DBT: process.env.PIPEGEN_DBT ?? OWN_DBT };
export const WORK = { partition: PARTITION, previous: undefined, requestsUsed: 0 };
export const DATABASE = 'warehouse/test.duckdb';

export const PROJECT = `name: demo
version: "1.0"
config-version: 2
profile: "some profile"
models:
  demo: { +materialized: table }
`;

const FILES: Record<string, string> = {
  'dbt_project.yml': PROJECT,
  'models/days.sql': `select unnest({{ var('partitions') }}) as day, '{{ var("run_id") }}' as run, '{{ var("raw_schema") }}' as raw`,
  'models/counts.sql': `{{ config(tags=['counts']) }} select count(*) as days from {{ ref('days') }}`,
  'models/days.yml': 'models: [{ name: days, columns: [{ name: day, data_tests: [not_null] }] }]',
};

export interface Options {
  readonly select?: string[];
  readonly context?: Partial<StepContext>;
  readonly job?: JobChanges;
}

/** A project of two models in a home of its own; `changes` are further files of it. */
export function open(changes: Record<string, string> = {}, { select = ['*'], context, job }: Options = {}) {
  const written = writeJob({ steps: ['dbt'], dbt: { project: 'models of ours', select }, ...job });
  const rig = openRig(written, { environment: ENVIRONMENT, ...context });
  const project = join(rig.home, 'models of ours');
  mkdirSync(join(project, 'models'), { recursive: true });
  const write = (name: string, text: string) => writeFileSync(join(project, name), text);
  for (const [name, text] of Object.entries({ ...FILES, ...changes })) write(name, text);
  return Object.assign(rig, { project, database: join(rig.home, DATABASE), write });
}

/** The events of the log of one kind. */
export function events(log: readonly string[], event: string): Record<string, unknown>[] {
  return log.map((line) => JSON.parse(line) as Record<string, unknown>).filter((one) => one.event === event);
}
