/**
 * Runs `work` over the values, at most `parallel` at a time; results in the order of the values. The first failure
 * aborts the signal of the others, and is thrown when all of them have ended: nothing goes on behind its back.
 */
export async function inParallel<Value, Result>(
  values: readonly Value[],
  parallel: number,
  signal: AbortSignal,
  work: (value: Value, signal: AbortSignal) => Promise<Result>,
): Promise<Result[]> {
  const group = new AbortController();
  const stop = () => group.abort(signal.reason);
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop, { once: true });
  const results: Result[] = [];
  const failures: unknown[] = [];
  const queue = values.entries();

  async function worker(): Promise<void> {
    for (const [index, value] of queue) {
      if (group.signal.aborted) return;
      try {
        results[index] = await work(value, group.signal);
      } catch (error) {
        failures.push(error);
        group.abort(error);
        return;
      }
    }
  }

  try {
    await Promise.all(Array.from({ length: Math.min(parallel, values.length) }, worker));
  } finally {
    signal.removeEventListener('abort', stop);
  }
  signal.throwIfAborted();
  if (failures.length > 0) throw failures[0];
  return results;
}
