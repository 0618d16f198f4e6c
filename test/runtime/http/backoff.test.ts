import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readRetryAfter, waitAfter } from '../../../src/runtime/adapters/http/backoff.ts';

const backoff = { initial: 1000, max: 60_000 };

test('the bound of the wait doubles up to its maximum', () => {
  const most = [1, 2, 3, 4, 5, 6, 7, 20].map((failed) => waitAfter(failed, backoff, undefined, () => 1));
  expect(most).toEqual([1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]);
});

test('the wait is drawn from the whole of it', () => {
  expect(waitAfter(3, backoff, undefined, () => 0)).toBe(0);
  expect(waitAfter(3, backoff, undefined, () => 0.25)).toBe(1000);
});

test('what the API asks for is the least, however long; our own part is never above max', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 0, max: 200_000 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (failed, asked, drawn) => {
        const wait = waitAfter(failed, backoff, asked, () => drawn);
        expect(wait).toBeGreaterThanOrEqual(asked);
        expect(wait).toBeLessThanOrEqual(Math.max(asked, backoff.max));
      },
    ),
  );
});

test.each([
  ['1', 1000],
  [' 120 ', 120_000],
  ['0.5', 500],
  ['Sat, 31 Jan 2026 06:00:30 GMT', 30_000],
  ['Sat, 31 Jan 2026 05:00:00 GMT', 0],
  ['soon', undefined],
  ['', undefined],
  [undefined, undefined],
])('Retry-After %j is %j ms', (header, expected) => {
  expect(readRetryAfter(header, Date.UTC(2026, 0, 31, 6))).toBe(expected);
});
