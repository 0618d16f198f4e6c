import { afterAll, beforeAll, describe, type RunnerTask } from 'vitest';
import { AIRFLOW_VERSIONS, type AirflowVersion } from '../src/spec/environment.ts';
import { faultsOfAll, faultsSideBySide } from './cases/faults.ts';
import { happyPath } from './cases/happy-path.ts';
import { secretsAreTold } from './cases/secrets.ts';
import { type Environment, type Rig, startRig } from './rig.ts';

// One cluster for all, one Airflow after the other: a start costs more than most cases do. Each case has a pipeline of
// its own, and leaves what others use as it has found it.

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
  describe('a pipeline', () => faultsSideBySide(() => environment));
  describe('a pipeline', () => faultsOfAll(() => environment));
  describe('secrets are told', () => secretsAreTold(() => environment));
});

function allPassed(task: RunnerTask): boolean {
  if (task.result?.state === 'fail') return false;
  return !('tasks' in task) || task.tasks.every(allPassed);
}
