import { expect, test } from 'vitest';
import {
  count,
  countsLine,
  isSuccess,
  notPassed,
  type TestRecord,
  vitestRecords,
} from '../../scripts/test-report.ts';

const PASSED: TestRecord = { file: 'a.test.ts', name: 'loads a partition', state: 'passed' };
const FAILED: TestRecord = { file: 'check', name: 'types', state: 'failed' };
const SKIPPED: TestRecord = {
  file: 'b.test.ts',
  name: 'asks the real API',
  state: 'skipped',
  reason: 'no key',
};

test('counts checks and tests together', () => {
  const counts = count([PASSED, PASSED, FAILED, SKIPPED]);
  expect(countsLine(counts)).toBe('2 passed, 1 failed, 1 skipped');
  expect(isSuccess(counts)).toBe(false);
});

test('is a success only if something passed and nothing failed', () => {
  expect(isSuccess(count([PASSED, SKIPPED]))).toBe(true);
  expect(isSuccess(count([PASSED, FAILED]))).toBe(false);
  expect(isSuccess(count([SKIPPED]))).toBe(false);
  expect(isSuccess(count([]))).toBe(false);
});

test('names what did not pass, with the reason of a skip', () => {
  const silent: TestRecord = { file: 'c.test.ts', name: 'is to be written', state: 'skipped' };
  expect(notPassed([PASSED, FAILED, SKIPPED, silent])).toEqual([
    'failed: check > types',
    'skipped: b.test.ts > asks the real API (no key)',
    'skipped: c.test.ts > is to be written (no reason given)',
  ]);
});

test('takes the records of a run that ended as they say', () => {
  expect(vitestRecords(JSON.stringify([PASSED, SKIPPED]), 0)).toEqual([PASSED, SKIPPED]);
  expect(vitestRecords(JSON.stringify([PASSED, FAILED]), 1)).toEqual([PASSED, FAILED]);
});

test.each([
  ['broke off', undefined, 137, 'ended with exit code 137 before it reported'],
  ['found no test', '[]', 0, 'ran no test'],
  ['skipped every test', JSON.stringify([SKIPPED]), 0, 'ran no test'],
  [
    'failed without a failed test',
    JSON.stringify([PASSED]),
    1,
    'ended with exit code 1, though no test failed',
  ],
])('a run that %s is a failure', (_, recorded, exitCode, name) => {
  const failed = vitestRecords(recorded, exitCode).filter((record) => record.state === 'failed');
  expect(failed).toEqual([{ file: 'vitest', name, state: 'failed' }]);
});
