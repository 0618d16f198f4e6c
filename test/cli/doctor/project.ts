import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Answer } from '../../../src/cli/doctor/probe.ts';
import { type Finished, finish, type Project, REPOSITORY } from '../../run/project.ts';

const ENTRY = join(REPOSITORY, 'bin/pipegen.js');

export interface Examined extends Finished {
  /** What was said of each thing, `ok`, `missing` or `unknown`, in its order. */
  readonly states: readonly (readonly [what: string, status: Answer['status']])[];
  readonly answers: readonly (Omit<Answer, 'repair'> & { readonly repair: string | null })[];
}

/** `pipegen doctor … --format json`, parsed; these variables come before those of the test. */
export async function examine(
  project: Project,
  args: readonly string[],
  variables: NodeJS.ProcessEnv = {},
): Promise<Examined> {
  const finished = await finish(
    spawn(process.execPath, [ENTRY, 'doctor', ...args, '--format', 'json'], {
      cwd: project.folder,
      env: { ...process.env, PIPEGEN_DBT: join(REPOSITORY, '.venv/dbt/bin/dbt'), ...variables },
      stdio: ['ignore', 'pipe', 'pipe'],
    }),
  );
  let document: { version: number; ok: boolean; answers: Examined['answers'] };
  try {
    document = JSON.parse(finished.stdout);
  } catch {
    throw new Error(`no JSON on stdout:\n${finished.stdout}\n${finished.stderr}`);
  }
  if (document.version !== 1) throw new Error(`version ${document.version}`);
  if (document.ok !== (finished.exit === 0)) throw new Error(`exit ${finished.exit} and ok: ${document.ok}`);
  const { answers } = document;
  return { ...finished, answers, states: answers.map(({ what, status }) => [what, status] as const) };
}
