/**
 * Takes the secrets out of whatever this process prints, a handler's `console.log` and Node's warnings too; returns what
 * ends that.
 */
export function guardOutput(redact: (text: string) => string): () => void {
  const releases = [process.stdout, process.stderr].map((stream) => {
    const { write } = stream;
    const guarded = (chunk: string | Uint8Array, ...rest: never[]): boolean => {
      const text = typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8');
      const clean = redact(text);
      // Bytes that are no text stay as they are.
      return write.call(stream, clean === text ? chunk : clean, ...rest);
    };
    stream.write = guarded;
    return () => {
      stream.write = write;
    };
  });
  return () => {
    for (const release of releases) release();
  };
}
