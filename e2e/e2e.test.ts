import { afterAll, beforeAll, describe, type RunnerTask } from 'vitest';
import { AIRFLOW_VERSIONS, type AirflowVersion } from '../src/spec/environment.ts';
import { happyPath } from './cases/happy-path.ts';
import { type Environment, type Rig, startRig } from './rig.ts';

// One cluster for all, one Airflow after the other: a start costs more than most cases do. Each case uses runs and
// days of its own, and leaves the services as it has found them.

let rig: Rig;

beforeAll(async () => {
  rig = await startRig();
});

// biome-ignore lint/correctness/noEmptyPattern: vitest reads from the pattern what the hook asks for
afterAll(async ({}, suite) => {
  if (allPassed(suite)) rig?.cluster.forgetLogs();
  await rig?.[Symbol.asyncDispose]();
});

/** PIPEGEN_E2E_AIRFLOW chooses one of them. */
const versions = AIRFLOW_VERSIONS.filter((one) => one === (process.env.PIPEGEN_E2E_AIRFLOW ?? one)).reverse();

describe.each(versions)('Airflow %s', (version: AirflowVersion) => {
  let environment: Environment;

  beforeAll(async () => {
    environment = await rig.environment(version);
  });

  afterAll(() => environment?.[Symbol.asyncDispose]());

  describe('a day from the API to the marts', () => happyPath(() => environment));
});

function allPassed(task: RunnerTask): boolean {
  if (task.result?.state === 'fail') return false;
  return !('tasks' in task) || task.tasks.every(allPassed);
}
