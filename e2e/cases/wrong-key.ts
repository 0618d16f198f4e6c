import { expect } from 'vitest';
import { type Environment, WRONG_KEY } from '../rig.ts';
import { CaseRun } from './case-run.ts';

/** The secret of the pods holds a key that the API does not know. */
export async function wrongKey(environment: Environment): Promise<void> {
  const flights = await CaseRun.of(environment, 'mistaken');
  await flights.trigger();
  await flights.ends('failed');
  flights.haveEnded({ extract: 'failed 1', upload: 'upstream_failed 0' });
  expect(flights.asked()).toEqual(['AA 0']);
  const log = flights.log('extract', 1);
  expect(log).toContain('invalid_access_key');
  expect(log).toContain('"exit":78');
  expect(log).toContain('No retry can mend this');
  expect(log).not.toContain(WRONG_KEY);
  await environment.setSecret('mistaken', { access_key: flights.api.standIn.key });
  await flights.clear('extract');
  await flights.ends('success');
  expect(flights.asked().slice(1)).toEqual(flights.reference.asked);
  await flights.hasTheData();
}
