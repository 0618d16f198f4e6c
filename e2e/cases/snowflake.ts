import { expect } from 'vitest';
import type { Environment } from '../rig.ts';
import { ALL_WELL, CaseRun } from './case-run.ts';

/** Snowflake is away when load begins, and back later. */
export async function snowflakeAway(environment: Environment): Promise<void> {
  const flights = await CaseRun.of(environment, 'away');
  const { door } = environment.rig.services;
  await door.shut();
  try {
    await flights.trigger();
    await flights.airflow.taskIs(flights.run, 'load', 'up_for_retry');
  } finally {
    await door.open();
  }
  await flights.ends('success');
  flights.haveEnded({ ...ALL_WELL, load: expect.stringMatching(/^success [23]$/) });
  expect(flights.log('load', 1)).toContain('"exit":75');
  expect(flights.asked()).toEqual(flights.reference.asked);
  await flights.hasTheData();
}
