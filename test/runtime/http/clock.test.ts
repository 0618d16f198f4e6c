import { expect, test } from 'vitest';
import { systemClock } from '../../../src/runtime/adapters/http/clock.ts';

test('a sleep ends with the reason of its signal, before and in the middle', async () => {
  const stop = new AbortController();
  const sleeping = systemClock.sleep(3_600_000, stop.signal);
  stop.abort(new Error('enough'));
  await expect(sleeping).rejects.toThrow('enough');
  await expect(systemClock.sleep(1, stop.signal)).rejects.toThrow('enough');
});

test('a sleep ends by itself', async () => {
  await expect(systemClock.sleep(1, new AbortController().signal)).resolves.toBeUndefined();
});
