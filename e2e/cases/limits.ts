import { expect } from 'vitest';
import type { Environment } from '../rig.ts';
import { ALL_WELL, CaseRun } from './case-run.ts';

/** The pods of upload may have less memory than they need. */
export async function memoryTooLow(environment: Environment): Promise<void> {
  const flights = await CaseRun.of(environment, 'small');
  await flights.trigger();
  await flights.ends('failed');
  flights.haveEnded({
    extract: 'success 1',
    upload: 'failed 2',
    load: 'upstream_failed 0',
  });
  // Node's own limit, a share of the container's, is reached before the kernel's.
  expect(flights.log('upload', 2)).toMatch(/OOMKilled|heap out of memory/);
  const dag = await environment.rig.project.dagAfter(flights.airflow.environment, 'small', (spec) => {
    delete spec.pipelines.small.steps;
  });
  flights.airflow.replaceDag('small', dag);
  await flights.clear('upload');
  await flights.ends('success');
  // What was extracted is still good: more memory is no other job.
  expect(flights.asked()).toEqual(flights.reference.asked);
  await flights.hasTheData();
}

/** The cluster ends the pod: its deadline is shorter than the API takes. */
export async function deadlineTooShort(environment: Environment): Promise<void> {
  const flights = await CaseRun.of(environment, 'hurried');
  const dag = flights.airflow.readDag('hurried');
  // A deadline that the language can say leaves a quarter of an hour for the start.
  flights.airflow.replaceDag(
    'hurried',
    dag.replaceAll(/active_deadline_seconds=\d+/g, 'active_deadline_seconds=15'),
  );
  using held = flights.holdPages(25, 'LH');
  await flights.trigger();
  await flights.ends('failed');
  flights.haveEnded({ extract: 'failed 2', upload: 'upstream_failed 0' });
  expect(flights.log('extract', 2)).toContain('DeadlineExceeded');
  flights.airflow.replaceDag('hurried', dag);
  held.open();
  await flights.clear('extract');
  await flights.ends('success');
  flights.haveEnded({ ...ALL_WELL, extract: 'success 3' });
  await flights.hasTheData();
}
