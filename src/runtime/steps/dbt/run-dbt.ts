import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Logger } from 'pino';
import { configuration, stopped } from '../../errors.ts';

/** After a signal dbt has this long to end by itself. */
const GRACE = 20_000;
/** Lines of dbt's errors that are kept for the message of a failure. */
const KEPT = 50;

export interface DbtEnd {
  /** Exit code of dbt; null where a signal that was not ours ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** What dbt called errors, and what it wrote to stderr; the last lines. */
  readonly errors: readonly string[];
}

/** One line of dbt's JSON log. */
interface LogLine {
  readonly info: { readonly level: string; readonly msg: string; readonly name: string };
}

/** Runs dbt and passes its log on; ends it when the signal aborts, and then throws `stopped`. */
export async function runDbt(
  dbt: string,
  args: readonly string[],
  options: { environment: NodeJS.ProcessEnv; folder: string; log: Logger; signal: AbortSignal },
): Promise<DbtEnd> {
  const { environment, folder, log, signal } = options;
  if (signal.aborted) throw stopped();
  const child = spawn(dbt, args, { cwd: folder, env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  const errors: string[] = [];
  const keep = (text: string) => {
    errors.push(text);
    if (errors.length > KEPT) errors.shift();
  };
  createInterface(child.stdout).on('line', (line) => {
    const { level, msg, name } = readLine(line).info;
    if (msg.trim() === '') return;
    if (level === 'error') keep(msg);
    // The stack of a Python error tells nobody what to do; its message comes just before.
    const quiet = level === 'debug' || name === 'MainStackTrace';
    log[quiet ? 'debug' : level === 'error' ? 'error' : level === 'warn' ? 'warn' : 'info'](
      { event: 'dbt', name },
      msg.trim(),
    );
  });
  createInterface(child.stderr).on('line', keep);

  let force: NodeJS.Timeout | undefined;
  const stop = () => {
    // At SIGTERM it would be gone at once, and its queries run on; at this one it cancels them.
    child.kill('SIGINT');
    force = setTimeout(() => child.kill('SIGKILL'), GRACE);
  };
  signal.addEventListener('abort', stop);
  try {
    const end = await new Promise<Pick<DbtEnd, 'code' | 'signal'>>((ended, failed) => {
      child.once('close', (code, by) => ended({ code, signal: by })).once('error', failed);
    });
    if (signal.aborted) throw stopped();
    return { ...end, errors };
  } catch (error) {
    if (signal.aborted) throw stopped();
    throw configuration(`${dbt} can't be started: ${(error as Error).message}`, error);
  } finally {
    clearTimeout(force);
    signal.removeEventListener('abort', stop);
  }
}

/** Before its log is set up, dbt writes plain lines. */
function readLine(line: string): LogLine {
  try {
    const parsed = JSON.parse(line) as LogLine;
    if (typeof parsed.info.msg === 'string') return parsed;
  } catch {
    // not JSON: taken as it is
  }
  return { info: { level: 'info', msg: line, name: 'output' } };
}
