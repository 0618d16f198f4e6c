import { expect } from 'vitest';
import type { Environment } from '../rig.ts';
import { ALL_WELL, CaseRun } from './case-run.ts';

/** Of the source: how often one attempt of the step asks for a page. */
const ASKS = 5;
/** Of the pipeline: the first and two retries. */
const ATTEMPTS = 3;

const away = {
  kind: 'body',
  status: 503,
  contentType: 'text/html',
  body: '<h1>Service Unavailable</h1>',
} as const;

/** The API answers 503 for longer than one attempt asks. */
export async function apiAway(environment: Environment): Promise<void> {
  const flights = await CaseRun.of(environment, 'unavailable');
  flights.api.standIn.setFaults([{ match: { slice: 'LH', offset: 25 }, count: ASKS + 1, action: away }]);
  await flights.trigger();
  await flights.ends('success');
  flights.haveEnded({ ...ALL_WELL, extract: 'success 2' });
  expect(flights.log('extract', 1)).toMatch(/503/);
  // What had landed is not asked for again.
  const again = Array.from({ length: ASKS + 1 }, () => 'LH 25');
  expect(flights.asked().toSorted()).toEqual([...flights.reference.asked, ...again].sort());
  await flights.hasTheData();
}

/** The API answers 503 for good. */
export async function apiDown(environment: Environment): Promise<void> {
  const flights = await CaseRun.of(environment, 'down');
  flights.api.standIn.setFaults([{ count: 'always', action: away }]);
  await flights.trigger();
  await flights.ends('failed');
  flights.haveEnded({
    check: 'upstream_failed 0',
    extract: `failed ${ATTEMPTS}`,
    load: 'upstream_failed 0',
    publish: 'upstream_failed 0',
    upload: 'upstream_failed 0',
  });
  expect(flights.asked()).toEqual(Array.from({ length: ATTEMPTS * ASKS }, () => 'AA 0'));
  expect(flights.log('extract', ATTEMPTS)).toMatch(/503/);
  flights.api.standIn.setFaults([]);
  await flights.clear('extract');
  await flights.ends('success');
  expect(flights.asked().slice(ATTEMPTS * ASKS)).toEqual(flights.reference.asked);
  await flights.hasTheData();
}
