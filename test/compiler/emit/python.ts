import { spawnSync } from 'node:child_process';
import { program } from '../../airflow/airflow.ts';

/** Runs a Python script over a JSON document, and gives the JSON that it prints. */
export function python(script: string, input: unknown): unknown {
  const ended = spawnSync(program('lint', 'python'), ['-c', script], {
    input: JSON.stringify(input),
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (ended.status !== 0) throw new Error(ended.stderr);
  return JSON.parse(ended.stdout);
}
