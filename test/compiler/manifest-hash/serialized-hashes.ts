import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AirflowVersion } from '../../../src/spec/environment.ts';
import { COMMAND_LIMIT, program } from '../../airflow/airflow.ts';

const SCRIPT = fileURLToPath(new URL('serialized_hash.py', import.meta.url));
/** Notifiers that the specs of these tests name. */
const MODULES = fileURLToPath(new URL('python', import.meta.url));

/**
 * What the DAG versions of a real Airflow go by: a hash for each DAG file, all in one process.
 * @param files the Python of one DAG each, by any name
 * @param env added to the environment of that process
 * @throws where a file can't be imported
 */
export async function serializedHashes(
  version: AirflowVersion,
  files: ReadonlyMap<string, string>,
  env: Readonly<Record<string, string>> = {},
): Promise<Map<string, string>> {
  const home = mkdtempSync(join(tmpdir(), 'pipegen-hash-'));
  try {
    const answer = await answerOf(program(`airflow-${version}`, 'python'), home, files, env);
    return new Map(Object.entries(JSON.parse(answer) as Record<string, string>));
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

function answerOf(
  python: string,
  home: string,
  files: ReadonlyMap<string, string>,
  env: Readonly<Record<string, string>>,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(python, [SCRIPT, home], {
      timeout: COMMAND_LIMIT,
      killSignal: 'SIGKILL',
      env: {
        PATH: process.env.PATH,
        HOME: home,
        AIRFLOW_HOME: home,
        AIRFLOW__CORE__DAGS_FOLDER: '/dags',
        AIRFLOW__CORE__LOAD_EXAMPLES: 'False',
        AIRFLOW__CORE__DAGBAG_IMPORT_TIMEOUT: '200',
        AIRFLOW__DATABASE__SQL_ALCHEMY_CONN: `sqlite:///${join(home, 'airflow.db')}`,
        PYTHONDONTWRITEBYTECODE: '1',
        PYTHONPATH: MODULES,
        ...env,
      },
    });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (data: Buffer) => out.push(data));
    child.stderr.on('data', (data: Buffer) => err.push(data));
    child.on('error', reject);
    child.on('close', (exit, signal) => {
      if (exit === 0) resolve(Buffer.concat(out).toString());
      else reject(new Error(`serialized_hash.py ended with ${exit ?? signal}\n${Buffer.concat(err)}`));
    });
    // A child that ended at once no longer reads; its exit code says why.
    child.stdin.on('error', () => undefined);
    child.stdin.end(JSON.stringify(Object.fromEntries(files)));
  });
}
