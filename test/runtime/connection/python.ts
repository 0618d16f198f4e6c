import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AirflowVersion } from '../../../src/spec/environment.ts';
import { program } from '../../airflow/airflow.ts';

/** Runs a script of this folder in an Airflow that has nothing but what the test gives it; the JSON it prints. */
export function inAirflow(
  version: AirflowVersion,
  script: string,
  args: readonly string[],
  input: unknown,
  env: Readonly<Record<string, string>> = {},
): unknown {
  const home = mkdtempSync(join(tmpdir(), 'pipegen-connection-'));
  try {
    const path = fileURLToPath(new URL(script, import.meta.url));
    const ended = spawnSync(program(`airflow-${version}`, 'python'), [path, ...args], {
      input: JSON.stringify(input),
      encoding: 'utf8',
      maxBuffer: 1 << 28,
      env: {
        PATH: process.env.PATH,
        AIRFLOW_HOME: home,
        AIRFLOW__CORE__LOAD_EXAMPLES: 'False',
        AIRFLOW__CORE__DAGBAG_IMPORT_TIMEOUT: '200',
        PYTHONDONTWRITEBYTECODE: '1',
        ...env,
      },
    });
    if (ended.status !== 0) throw new Error(ended.stderr);
    // Airflow logs to standard output too, some of it before a script can say where else to.
    return JSON.parse(ended.stdout.trim().split('\n').at(-1) ?? '');
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}
