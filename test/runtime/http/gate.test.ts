import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createBudget } from '../../../src/runtime/adapters/http/budget.ts';
import { createGate } from '../../../src/runtime/adapters/http/gate.ts';
import { createVirtualClock } from './virtual-clock.ts';

const signal = new AbortController().signal;

test('no window of the length of the limit sees more requests than the limit', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 6 }),
      fc.integer({ min: 1, max: 1000 }),
      fc.array(fc.integer({ min: 0, max: 700 }), { minLength: 1, maxLength: 25 }),
      async (requests, per, starts) => {
        const clock = createVirtualClock(0);
        const gate = createGate({ requests, per }, clock);
        const passed: number[] = [];
        await Promise.all(
          starts.map(async (start) => {
            await clock.sleep(start, signal);
            await gate.pass(signal);
            passed.push(clock.now());
          }),
        );
        passed.sort((a, b) => a - b);
        for (let index = requests; index < passed.length; index += 1) {
          expect((passed[index] ?? 0) - (passed[index - requests] ?? 0)).toBeGreaterThanOrEqual(per);
        }
      },
    ),
    { numRuns: 60 },
  );
});

test('a full bucket lets its tokens through without a wait', async () => {
  const clock = createVirtualClock();
  const gate = createGate({ requests: 3, per: 1000 }, clock);
  for (let count = 0; count < 3; count += 1) await gate.pass(signal);
  expect(clock.slept).toEqual([]);
  await gate.pass(signal);
  expect(clock.slept).toEqual([1000]);
});

test('a hold is for all that wait, and they do not pass at once when it ends', async () => {
  const clock = createVirtualClock(0);
  const gate = createGate({ requests: 1, per: 100 }, clock);
  await gate.pass(signal);
  const times: number[] = [];
  const waiting = [1, 2].map(() => gate.pass(signal).then(() => times.push(clock.now())));
  gate.holdUntil(5000);
  await Promise.all(waiting);
  expect(times).toEqual([5000, 5100]);
});

test('an aborted wait ends with the reason of its signal', async () => {
  const gate = createGate({ requests: 1, per: 100 }, createVirtualClock());
  await gate.pass(signal);
  const stop = new AbortController();
  const passing = gate.pass(stop.signal);
  stop.abort(new Error('enough'));
  await expect(passing).rejects.toThrow('enough');
});

test.each([
  {
    limits: { source: 3, extract: undefined },
    used: 0,
    left: 3,
    says: /3 requests is used up\. Raise max_requests of the source/,
  },
  { limits: { source: 9, extract: 2 }, used: 0, left: 2, says: /Raise max_requests of the extract/ },
  { limits: { source: 3, extract: 8 }, used: 0, left: 3, says: /Raise max_requests of the source/ },
  {
    limits: { source: 3, extract: undefined },
    used: 2,
    left: 1,
    says: /used up, 2 of them by earlier tries of this run/,
  },
  { limits: { source: 3, extract: undefined }, used: 7, left: 0, says: /used up/ },
])('a budget of $limits with $used used leaves $left', ({ limits, used, left, says }) => {
  const budget = createBudget(limits, used);
  for (let count = 0; count < left; count += 1) budget.spend(undefined);
  expect(() => budget.spend(undefined)).toThrow(says);
  expect(() => budget.spend('answered 503')).toThrow(/The last answer: answered 503\./);
});
