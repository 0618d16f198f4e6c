import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inParallel } from '../../../src/runtime/steps/extract/in-parallel.ts';

const signal = new AbortController().signal;

test('results in the order of the values, never more at a time than allowed', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 20 }),
      fc.integer({ min: 1, max: 6 }),
      async (values, parallel) => {
        let running = 0;
        let most = 0;
        const results = await inParallel(values, parallel, signal, async (value) => {
          most = Math.max(most, ++running);
          for (let turn = 0; turn <= value; turn += 1) await Promise.resolve();
          running -= 1;
          return value * 2;
        });
        expect(results).toEqual(values.map((value) => value * 2));
        expect(most).toBe(Math.min(parallel, values.length));
      },
    ),
  );
});

test('the first failure is thrown, when the others have ended', async () => {
  const ended: number[] = [];
  const working = inParallel([1, 2, 3, 4], 3, signal, async (value, stop) => {
    if (value === 2) throw new Error('two');
    await new Promise((resolve) => stop.addEventListener('abort', resolve));
    await new Promise((resolve) => setImmediate(resolve));
    ended.push(value);
    throw stop.reason;
  });
  await expect(working).rejects.toThrow('two');
  expect(ended.sort()).toEqual([1, 3]);
});

test('an abort from outside reaches the work and is what is thrown', async () => {
  const outer = new AbortController();
  const working = inParallel([1, 2], 1, outer.signal, async (_, stop) => {
    outer.abort(new Error('enough'));
    expect(stop.aborted).toBe(true);
  });
  await expect(working).rejects.toThrow('enough');
});
