import { expect } from 'vitest';
import type { Environment } from '../rig.ts';
import { CaseRun } from './case-run.ts';

/** A pod has done its work and is killed before it says so; then Airflow takes the task for successful all the same. */
export async function killedBeforeReceipt(environment: Environment): Promise<void> {
  const flights = await CaseRun.of(environment, 'unreceipted');
  using receipt = environment.rig.services.gate.hold(
    ({ method, url, body }) =>
      method !== 'GET' &&
      (url + body).includes('/receipts/unreceipted/') &&
      body.includes('"status": "done"'),
  );
  await flights.trigger();
  await flights.heldAre(receipt);
  expect(flights.asked()).toEqual(flights.reference.asked);
  await flights.pods.delete(await flights.running('extract'), 'at once');
  await flights.ends('failed');
  flights.haveEnded({ extract: 'failed 1', upload: 'upstream_failed 0' });

  await flights.airflow.markSuccess(flights.run, 'extract');
  await flights.clear('upload');
  await flights.ends('failed');
  flights.haveEnded({
    extract: 'success 1',
    upload: 'failed 1',
    load: 'upstream_failed 0',
  });
  expect(flights.log('upload')).toContain(
    'extract of 2026-01-31 did not finish (its receipt says "running")',
  );

  // Not before: Kubernetes forgets a pod at once that its node ends a little later, and it would still say so.
  receipt.drop();
  await flights.clear('extract');
  await flights.ends('success');
  await flights.hasTheData();
}
