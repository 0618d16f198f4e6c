import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse, stringify } from 'yaml';
import { choose } from '../../src/cli/commands/run.ts';
import { findProject, isFinding, readProject } from '../../src/cli/project.ts';
import { check } from '../../src/compiler/compile.ts';
import { buildJob } from '../../src/compiler/job.ts';
import { printJob } from '../../src/compiler/job-text.ts';
import type { ImageRuntime } from './image.ts';
import { type Measured, measure } from './measure.ts';

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));
const DAY = '2026-01-31';

/** The reference pipeline's columns, key and contract over the measured API, in a project of its own. */
function writeProject(folder: string, port: number, slices: number, transform: boolean): string {
  const spec = parse(readFileSync(join(REPOSITORY, 'pipelines.yaml'), 'utf8'));
  const { flights } = spec.pipelines;
  spec.environments = { local: { ...spec.environments.local, variables: {} } };
  spec.sources.aviationstack = {
    kind: 'http',
    base_url: `http://127.0.0.1:${port}`,
    max_requests: 1_000_000,
  };
  delete spec.secrets;
  spec.pipelines = { flights };
  flights.extract.query = { flight_date: '${partition}', slice: '${slice.number}' };
  flights.extract.slices = {
    number: Array.from({ length: slices }, (_, number) => String(number)),
    parallel: slices,
  };
  // The sample has rows that break a rule, and it is repeated: neither shall end the run.
  flights.contract = { bad_rows: 'quarantine', max_bad_rows: '100%' };
  flights.key.max_duplicates = '100%';
  for (const key of ['dbt', 'checks', 'load']) delete flights[key];
  if (transform) {
    flights.transform = 'handlers/flights.ts#columns';
    mkdirSync(join(folder, 'handlers'), { recursive: true });
    writeFileSync(join(folder, 'handlers/flights.ts'), handler(flights.columns));
    for (const column of Object.values(flights.columns)) delete (column as { from?: unknown } | null)?.from;
  }
  const path = join(folder, 'pipelines.yaml');
  writeFileSync(path, stringify(spec));
  return path;
}

/** The same columns, picked by a handler. */
function handler(columns: Record<string, { from?: string | string[] } | null>): string {
  const path = (from: string) => from.split('.').reduce((text, key) => `${text}?.${key}`, 'record');
  const lines = Object.entries(columns).map(([name, column]) => {
    const from = column?.from ?? name;
    return `    ${name}: ${(typeof from === 'string' ? [from] : from).map(path).join(' ?? ')},`;
  });
  return `export function columns(record: any) {\n  return {\n${lines.join('\n')}\n  };\n}\n`;
}

export function pipegenSteps(
  runtime: ImageRuntime,
  folder: string,
  port: number,
  slices: number,
  transform: boolean,
) {
  const input = readProject(findProject(writeProject(folder, port, slices, transform)));
  const spec = isFinding(input) ? undefined : check(input).spec;
  if (spec === undefined) throw new Error('the spec of the measurement is not one');
  const { environment, pipeline } = choose(spec, 'local', 'flights');
  const jobText = printJob(buildJob(environment, pipeline));
  const step = (name: 'extract' | 'upload'): Measured =>
    measure([...runtime.command, name], {
      ...runtime.environment,
      PIPEGEN_HOME: folder,
      PIPEGEN_PARTITIONS: DAY,
      PIPEGEN_DAG_ID: 'flights',
      PIPEGEN_TASK_ID: name,
      PIPEGEN_RUN_ID: 'bench',
      PIPEGEN_JOB: jobText,
    });
  return { extract: () => step('extract'), upload: () => step('upload') };
}
