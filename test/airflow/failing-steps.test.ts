import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { DagDefinition } from '../../src/compiler/dag.ts';
import { emit } from '../../src/compiler/emit.ts';
import { AIRFLOW_VERSIONS } from '../../src/spec/environment.ts';
import { definition, tasks } from '../compiler/emit/definitions.ts';
import { dagsTest } from './airflow.ts';

/** Notes each call, then ends as the test says: the stand-in for the runtime. */
const STEP = `
echo "$1 $PIPEGEN_PARTITIONS \${PIPEGEN_TRY_NUMBER}/$PIPEGEN_MAX_TRIES" >> "$CALLS"
if [ "$1" = "$FAILING" ]; then
  if [ "$CODE" = hang ]; then
    trap 'echo "$1 was asked to stop" >> "$CALLS"; exit 143' TERM
    sleep 60 & wait
  fi
  if [ "$CODE" = "75 once" ]; then
    [ "$PIPEGEN_TRY_NUMBER" = 1 ] && exit 75
    exit 0
  fi
  exit "$CODE"
fi
`;

/** Runs three steps, of which load ends with a code, and gives the calls line by line. */
async function run(version: DagDefinition['airflow'], code: string, changes: Partial<DagDefinition> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'pipegen-failing-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'step.sh'), STEP);
  const dag = definition({
    airflow: version,
    environment: 'local',
    launcher: { kind: 'process', command: `bash ${join(folder, 'step.sh')}` },
    tasks: tasks(['extract', 'load', 'check']),
    retries: 1,
    retryDelaySeconds: 1,
    ...changes,
  });
  for (const { path, content } of emit([dag])) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  const calls = join(folder, 'calls');
  const ended = await dagsTest(version, join(folder, 'local/dags'), dag.dagId, {
    partition: '2026-01-31',
    env: { CALLS: calls, FAILING: 'load', CODE: code },
  });
  const lines = existsSync(calls) ? readFileSync(calls, 'utf8').trim().split('\n') : [];
  return { ...ended, calls: lines };
}

describe.each(AIRFLOW_VERSIONS)('Airflow %s', (version) => {
  test('retries exit code 75, and goes on once the step succeeds', async () => {
    const { exit, calls, output } = await run(version, '75 once');
    expect(calls, output).toEqual([
      'extract 2026-01-31 1/1',
      'load 2026-01-31 1/1',
      'load 2026-01-31 2/1',
      'check 2026-01-31 1/1',
    ]);
    expect(exit, output).toBe(0);
    // 2.11 logs this for an operator that calls the `execute` of its parent.
    expect(output).not.toContain('outside TaskInstance');
  });

  test('does not retry exit code 78, nor go on', async () => {
    const { exit, calls, output } = await run(version, '78');
    expect(calls, output).toEqual(['extract 2026-01-31 1/1', 'load 2026-01-31 1/1']);
    expect(exit, output).not.toBe(0);
    expect(output).toContain('The step ended with exit code 78');
  });

  test('takes exit code 99 for nothing to do, here and in what follows', async () => {
    const { exit, calls, output } = await run(version, '99');
    expect(calls, output).toEqual(['extract 2026-01-31 1/1', 'load 2026-01-31 1/1']);
    expect(exit, output).toBe(0);
    expect(output).toContain('Skipping');
  });

  test('asks a step that takes too long to stop, by SIGTERM', async () => {
    const hanging = tasks(['extract', 'load', 'check']).map((task) => ({ ...task, timeoutSeconds: 3 }));
    const { exit, calls, output } = await run(version, 'hang', { tasks: hanging, retries: 0 });
    expect(calls, output).toContain('load was asked to stop');
    expect(exit, output).not.toBe(0);
  });
});
