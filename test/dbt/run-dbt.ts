import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..', '..');

/** Of a profile. */
interface Output {
  readonly type: string;
  readonly [setting: string]: unknown;
}

/** Whose generated source a warehouse is read by. */
const ENVIRONMENTS: Readonly<Record<string, string>> = { snowflake: 'production' };

export interface DbtRun {
  readonly exit: number | null;
  readonly output: string;
  /** Status by the name of the node, from run_results.json. */
  readonly statuses: ReadonlyMap<string, string>;
}

/** Runs dbt on the project of this repository with all it writes in `folder`, an output of the profile given. */
export async function runDbt(folder: string, output: Output, ...words: string[]): Promise<DbtRun> {
  const target = join(folder, 'target');
  await mkdir(target, { recursive: true });
  const profiles = { pipegen: { target: 'test', outputs: { test: { threads: 2, ...output } } } };
  // JSON is YAML too.
  await writeFile(join(folder, 'profiles.yml'), JSON.stringify(profiles));
  const places = ['--project-dir', join(ROOT, 'dbt'), '--profiles-dir', folder, '--target-path', target];
  const { exit, output: text } = await run(
    join(ROOT, '.venv', 'dbt', 'bin', 'dbt'),
    [...words, ...places, '--log-path', join(folder, 'logs')],
    {
      DBT_USE_COLORS: 'false',
      PIPEGEN_DBT_SOURCES: `../generated/${ENVIRONMENTS[output.type] ?? 'local'}/dbt`,
    },
  );
  return { exit, output: text, statuses: await readStatuses(join(target, 'run_results.json')) };
}

async function readStatuses(path: string): Promise<Map<string, string>> {
  // `source freshness` writes none.
  if (!existsSync(path)) return new Map();
  const { results } = JSON.parse(await readFile(path, 'utf8')) as {
    results: { unique_id: string; status: string }[];
  };
  return new Map(results.map((result) => [result.unique_id.split('.')[2] ?? '', result.status]));
}

/** Runs a command to its end; `input` goes to its standard input. */
export function run(
  command: string,
  words: string[],
  environment: Record<string, string>,
  input = '',
): Promise<{ exit: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, words, { env: { ...process.env, ...environment } });
    let output = '';
    child.stdout.on('data', (data) => {
      output += data;
    });
    child.stderr.on('data', (data) => {
      output += data;
    });
    child.on('error', reject);
    child.on('close', (exit) => resolve({ exit, output }));
    child.stdin.end(input);
  });
}
