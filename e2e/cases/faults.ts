import { it, type TestContext } from 'vitest';
import type { Environment } from '../rig.ts';
import { apiAway, apiDown } from './api.ts';
import { containerdRestarted, podsDeleted, workerKilled } from './killed.ts';
import { deadlineTooShort, memoryTooLow } from './limits.ts';
import { nothingToDo } from './nothing.ts';
import { killedBeforeReceipt } from './receipt.ts';
import { replacedInMidRun } from './replaced.ts';
import { slicesOverPods } from './sliced.ts';
import { snowflakeAway } from './snowflake.ts';
import { wrongKey } from './wrong-key.ts';

type Body = (environment: Environment, test: TestContext) => Promise<void>;

/** Each has a pipeline, a table and an API of its own: they go wrong side by side, as they do where people work. */
const TOGETHER: Readonly<Record<string, Body>> = {
  'runs four pods of slices at the same time, and asks for each page once': slicesOverPods,
  'goes on where it was when a pod is deleted in the middle of each step': podsDeleted,
  'finds the pod again when the worker was killed while it ran': workerKilled,
  'tries again while the API answers 503': apiAway,
  'gives up when the API stays down, and has the day when it is back and the task cleared': apiDown,
  'tries once with a wrong key, and has the day when the secret is mended and the task cleared': wrongKey,
  'is skipped where there is nothing to do': nothingToDo,
  'says so when the memory does not suffice, and has the day with more': memoryTooLow,
  'says so when the deadline is too short, and has the day with a longer one': deadlineTooShort,
  'refuses to go on with another pipeline than it began with': replacedInMidRun,
  'does not let the next step run after a pod that left no receipt': killedBeforeReceipt,
};

/** They take away what all the others need. */
const ALONE: Readonly<Record<string, Body>> = {
  'goes on when containerd is started again under a pod': containerdRestarted,
  'waits for Snowflake to be back': snowflakeAway,
};

export function faultsSideBySide(environment: () => Environment): void {
  for (const [name, body] of Object.entries(TOGETHER))
    it.concurrent(name, (test) => body(environment(), test));
}

export function faultsOfAll(environment: () => Environment): void {
  for (const [name, body] of Object.entries(ALONE)) it(name, (test) => body(environment(), test));
}
