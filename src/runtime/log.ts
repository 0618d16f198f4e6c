import { type Logger, pino } from 'pino';

/** One JSON line per event on stdout, redacted as a whole, so that no field can be forgotten. */
export function createLog(redact: (text: string) => string, bindings: Record<string, unknown>): Logger {
  // A reader that has gone must not turn a working step into a failed one.
  process.stdout.on('error', () => undefined);
  const destination = { write: (line: string) => void process.stdout.write(redact(line)) };
  return pino(
    {
      base: bindings,
      level: 'info',
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    destination,
  );
}
