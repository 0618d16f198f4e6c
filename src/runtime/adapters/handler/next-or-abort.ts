/** The next value, or the signal's reason as soon as it is aborted: a handler that looks at no signal still stops. */
export async function nextOrAbort<Value>(
  iterator: AsyncIterator<Value>,
  signal: AbortSignal,
): Promise<IteratorResult<Value>> {
  signal.throwIfAborted();
  const { promise, reject } = Promise.withResolvers<never>();
  const stop = () => reject(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([iterator.next(), promise]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
