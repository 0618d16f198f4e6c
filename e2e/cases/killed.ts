import { expect, type TestContext } from 'vitest';
import { STEPS } from '../../src/spec/steps.ts';
import type { Held } from '../gate.ts';
import type { Environment } from '../rig.ts';
import { ALL_WELL, CaseRun } from './case-run.ts';

/** A pod of each of the five steps is deleted while it is at work, asked to end or at once, as a node goes away. */
export async function podsDeleted(environment: Environment): Promise<void> {
  const flights = await CaseRun.of(environment, 'deleted');
  const { gate, snowflake } = environment.rig.services;
  const prefix = `airflow-${flights.airflow.version.replace('.', '-')}`;

  using page = flights.holdPages(25, 'LH');
  await flights.trigger();
  await flights.heldAre(page);
  await flights.pods.delete(await flights.running('extract'), 'asked');
  await opened(flights, 'extract', page);

  using files = gate.hold(
    ({ method, url, body }) => method !== 'GET' && (url + body).includes(`${prefix}/published/deleted/`),
  );
  await flights.heldAre(files);
  await flights.pods.delete(await flights.running('upload'), 'at once');
  await opened(flights, 'upload', files);

  for (const [step, statement, how] of [
    ['load', 'insert into .*"DELETED"', 'at once'],
    ['check', 'select .*"DELETED"', 'asked'],
    ['dbt', 'partner_daily_performance', 'at once'],
  ] as const) {
    await flights.airflow.taskIs(flights.run, step, 'queued', 'running');
    await snowflake.faults([{ match: statement, action: 'hang', count: 1 }]);
    await flights.airflow.until(`${step} to wait for Snowflake`, async () => (await snowflake.hits()) > 0);
    await flights.pods.delete(await flights.running(step), how);
    await flights.airflow.until(`another attempt of ${step}`, () => flights.attempts(step) > 1);
    await snowflake.faults([]);
  }

  await flights.ends('success');
  const twice = Object.keys(ALL_WELL).map((task) => [task, task === 'publish' ? 'success 1' : 'success 2']);
  flights.haveEnded({ ...Object.fromEntries(twice), dbt: 'success 2' });
  // What was asked to end may have said so before it was gone.
  for (const step of STEPS) expect(flights.log(step, 1)).toMatch(/pods? .*not found|stopped by a signal/i);
  // The page that was held has not reached the API: no other was asked for twice.
  expect(flights.asked().toSorted()).toEqual(flights.reference.asked.toSorted());
  await flights.hasTheData();
}

/** What was held passes once the pod of it is gone and another attempt is there. */
async function opened(flights: CaseRun, step: string, held: Held): Promise<void> {
  await flights.airflow.until(`another attempt of ${step}`, () => flights.attempts(step) > 1);
  held.open();
}

/** The process that waits for a pod is killed, with the one over it: as when a worker runs out of memory. */
export async function workerKilled(environment: Environment): Promise<void> {
  const flights = await CaseRun.of(environment, 'worker');
  using held = flights.holdPages(25, 'LH');
  await flights.trigger();
  await flights.heldAre(held);
  const pod = await flights.running('extract');
  await flights.airflow.killWorker(flights.run, 'extract');
  await flights.airflow.until('another attempt', () => flights.attempts('extract') > 1);
  await flights.airflow.taskIs(flights.run, 'extract', 'running');
  held.open();
  await flights.ends('success');
  flights.haveEnded({ ...ALL_WELL, extract: 'success 2' });
  expect(flights.pods.seen(flights.run, 'extract').map(({ metadata }) => metadata.name)).toEqual([
    pod.metadata.name,
  ]);
  expect(flights.asked()).toEqual(flights.reference.asked);
  await flights.hasTheData();
}

/** containerd goes away under a pod and comes back; the pod does not notice. */
export async function containerdRestarted(environment: Environment, test: TestContext): Promise<void> {
  const { node } = environment.rig.cluster;
  if (node === undefined) return test.skip('the containerd of that cluster is not ours');
  const flights = await CaseRun.of(environment, 'containerd');
  using held = flights.holdPages(25, 'LH');
  await flights.trigger();
  await flights.heldAre(held);
  const pod = await flights.running('extract');
  await node.restartContainerd();
  held.open();
  await flights.ends('success');
  flights.haveEnded(ALL_WELL);
  expect(flights.pods.seen(flights.run, 'extract').map(({ metadata }) => metadata.name)).toEqual([
    pod.metadata.name,
  ]);
  expect(flights.asked()).toEqual(flights.reference.asked);
  await flights.hasTheData();
}
