import { expect } from 'vitest';
import { AIRLINES } from '../case-pipelines.ts';
import type { Environment } from '../rig.ts';
import { CaseRun } from './case-run.ts';

/** Four pods share the airlines; each waits for its first page until all of them have asked. */
export async function slicesOverPods(environment: Environment): Promise<void> {
  const flights = await CaseRun.of(environment, 'sliced');
  using held = flights.holdPages(0);
  await flights.trigger();
  await flights.heldAre(held, AIRLINES.length);
  // A pod asks before Kubernetes has heard that it runs.
  await flights.airflow.until('four pods to run at once', async () => {
    const pods = await flights.pods.now(flights.run, 'extract');
    return pods.filter(({ status }) => status.phase === 'Running').length === AIRLINES.length;
  });
  held.open();
  await flights.ends('success');
  flights.haveEnded({
    check: 'success 1',
    ...Object.fromEntries(AIRLINES.map((_, index) => [`extract[${index}]`, 'success 1'])),
    load: 'success 1',
    publish: 'success 1',
    upload: 'success 1',
  });
  expect(flights.asked().toSorted()).toEqual(flights.reference.asked.toSorted());
  await flights.hasTheData();
}
