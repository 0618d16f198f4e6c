import { expect } from 'vitest';
import type { Environment } from '../rig.ts';
import { CaseRun } from './case-run.ts';

/** While extract runs, a deployment brings another definition of the pipeline. */
export async function replacedInMidRun(environment: Environment): Promise<void> {
  const flights = await CaseRun.of(environment, 'replaced');
  using held = flights.holdPages(25, 'LH');
  await flights.trigger();
  await flights.heldAre(held);
  const dag = await environment.rig.project.dagAfter(flights.airflow.environment, 'replaced', (spec) => {
    spec.pipelines.replaced.contract.max_bad_rows = '2%';
  });
  flights.airflow.replaceDag('replaced', dag);
  held.open();
  await flights.ends('failed');
  flights.haveEnded({
    extract: 'success 1',
    upload: 'failed 1',
    load: 'upstream_failed 0',
  });
  expect(flights.log('upload', 1)).toContain('the pipeline changed between extract and this step');
  await flights.clear('extract');
  await flights.ends('success');
  flights.haveEnded({ extract: 'success 2', upload: 'success 2', load: 'success 1' });
  await flights.hasTheData();
}
