import { expect } from 'vitest';
import type { Environment } from '../rig.ts';
import { CaseRun } from './case-run.ts';

/** A day on which nobody flies, in a pipeline that takes this for nothing to do. */
export async function nothingToDo(environment: Environment): Promise<void> {
  const flights = await CaseRun.of(environment, 'empty');
  flights.api.standIn.setFaults([{ count: 'always', action: { kind: 'empty' } }]);
  await flights.trigger();
  await flights.ends('success');
  flights.haveEnded({
    extract: 'success 1',
    upload: 'skipped 1',
    load: 'skipped 0',
    check: 'skipped 0',
  });
  const [pod] = flights.pods.seen(flights.run, 'upload');
  expect(pod?.status.containerStatuses?.[0]?.state.terminated?.exitCode).toBe(99);
  expect(await flights.rows()).toEqual([]);
}
