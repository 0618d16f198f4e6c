import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RUN_RESULTS, type RunResults } from './results.ts';

/** Nothing is written into the project: target, log and profile are in a folder of this run. */
export interface Places {
  /** Folder of the dbt project, absolute. */
  readonly project: string;
  readonly folder: string;
  /** Below the folder. */
  readonly target: string;
  readonly variables: object;
}

export function buildArguments(places: Places, select: readonly string[]): string[] {
  return ['build', ...common(places), '--no-partial-parse', '--select', ...select];
}

/** What failed in the results, and what was skipped for it; all else as in the command that left them. */
export function retryArguments(places: Places, state: string): string[] {
  return ['retry', ...common(places), '--state', state];
}

/** Puts the results where `dbt retry` reads them; returns the folder. */
export async function prepareRetry(folder: string, before: RunResults): Promise<string> {
  const state = join(folder, 'before');
  await mkdir(state);
  await writeFile(join(state, RUN_RESULTS), JSON.stringify(before));
  return state;
}

function common({ project, folder, target, variables }: Places): string[] {
  return [
    ...['--project-dir', project, '--profiles-dir', folder, '--target-path', target],
    ...['--log-path', folder, '--log-format', 'json', '--log-level-file', 'none', '--no-use-colors'],
    ...['--vars', JSON.stringify(variables)],
  ];
}
