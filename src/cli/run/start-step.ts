import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Step } from '../../spec/steps.ts';

const ENTRY = fileURLToPath(new URL('../../../bin/pipegen-runtime.js', import.meta.url));

/** One line of a step's log. */
export interface LogEvent {
  level: string;
  event?: string;
  msg?: string;
  [field: string]: unknown;
}

/**
 * One step in a process of its own, by the entry point that the container has, so that a run here is what a run in
 * production is. Its exit code, 128 + n for a signal.
 */
export async function startStep(
  step: Step,
  environment: NodeJS.ProcessEnv,
  onEvent: (event: LogEvent) => void,
): Promise<number> {
  // Its stdin ends when we do, however we end, and then so does the step: nothing works on behind our back.
  const child = spawn(process.execPath, [ENTRY, step], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: {
      ...environment,
      PIPEGEN_STOP_WITH_STDIN: '1',
      ...(process.stdin.isTTY ? { PIPEGEN_TERMINAL: '1' } : {}),
    },
  });
  const forward = (signal: NodeJS.Signals) => void child.kill(signal);
  process.on('SIGTERM', forward).on('SIGINT', forward);
  const lines = createInterface({ input: child.stdout });
  lines.on('line', (line) => onEvent(parseEvent(line)));
  try {
    const [code] = await Promise.all([
      new Promise<number>((resolve, reject) => {
        child.once('error', reject);
        child.once('exit', (exit, signal) => resolve(exit ?? 128 + (signal === 'SIGKILL' ? 9 : 15)));
      }),
      new Promise<void>((resolve) => void lines.once('close', resolve)),
    ]);
    return code;
  } finally {
    process.off('SIGTERM', forward).off('SIGINT', forward);
  }
}

function parseEvent(line: string): LogEvent {
  try {
    return JSON.parse(line) as LogEvent;
  } catch {
    return { level: 'info', msg: line };
  }
}
