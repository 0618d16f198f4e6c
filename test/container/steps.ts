import { chownSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { standInEnvironment } from '../../src/cli/commands/stand-in.ts';
import { isFinding, readProject } from '../../src/cli/project.ts';
import { check } from '../../src/compiler/compile.ts';
import { buildJob } from '../../src/compiler/job.ts';
import { printJob } from '../../src/compiler/job-text.ts';
import type { Finished, Project } from '../run/project.ts';
import type { Engine, Options } from './container.ts';

export const USER = 65532;
/** Where the paths of the spec's local environment lead in the container. */
const DATA = '/app/.pipegen';

export interface StepRun {
  readonly project: Project;
  readonly pipeline?: string;
  readonly date: string;
  readonly run?: string;
  readonly standIn?: { readonly url: string; readonly key: string };
}

/** What a generated DAG gives a step, for a job whose data is in the project's folder. */
export function stepOptions({
  project,
  pipeline = 'flights',
  date,
  run = 'first',
  standIn,
}: StepRun): Options {
  const data = join(project.folder, '.pipegen');
  mkdirSync(data, { recursive: true });
  giveAway(data);
  return {
    mounts: { [data]: DATA },
    environment: {
      ...(standIn === undefined ? {} : standInEnvironment(standIn)),
      PIPEGEN_JOB: jobOf(project, pipeline),
      PIPEGEN_PARTITIONS: date,
      PIPEGEN_DAG_ID: pipeline,
      PIPEGEN_TASK_ID: 'step',
      PIPEGEN_RUN_ID: run,
      PIPEGEN_TRY_NUMBER: '1',
      PIPEGEN_MAX_TRIES: '0',
    },
  };
}

export async function runStep(
  engine: Engine,
  step: string,
  of: StepRun,
  more: Options = {},
): Promise<Finished> {
  const options = stepOptions(of);
  return engine.run([step], {
    ...options,
    ...more,
    environment: { ...options.environment, ...more.environment },
    mounts: { ...options.mounts, ...more.mounts },
  });
}

function jobOf(project: Project, name: string): string {
  const input = readProject({
    path: join(project.folder, 'pipelines.yaml'),
    home: project.folder,
    file: 'pipelines.yaml',
  });
  if (isFinding(input)) throw new Error(input.message);
  const { spec } = check(input);
  const environment = spec?.environments.find((one) => one.name === 'local');
  const pipeline = environment?.pipelines.find((one) => one.name === name);
  if (environment === undefined || pipeline === undefined) throw new Error(`no job of ${name}`);
  return printJob(buildJob(environment, pipeline));
}

/** To the user of the container, as the volume of a pod belongs to its group. */
function giveAway(folder: string): void {
  if (process.getuid?.() !== 0) return;
  chownSync(folder, USER, USER);
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    chownSync(join(entry.parentPath, entry.name), USER, USER);
  }
}
