import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';
import type { Job } from '../../src/spec/job.ts';
import type { Step } from '../../src/spec/steps.ts';
import { DAY, KEY } from './rig.ts';

/** Half of a short process would be the compiling of its modules. */
const COMPILED = mkdtempSync(join(tmpdir(), 'pipegen-compiled-'));
afterAll(() => rmSync(COMPILED, { recursive: true, force: true }));

const ENTRY = fileURLToPath(new URL('../../bin/pipegen-runtime.js', import.meta.url));

export interface StepProcess {
  readonly child: ChildProcess;
  /** When the step begins its work; never, where it does not. */
  readonly began: Promise<void>;
  readonly ended: Promise<Finished>;
}

export interface Finished {
  /** Null where a signal ended it. */
  exit: number | null;
  stdout: string;
  stderr: string;
}

/**
 * A step as `pipegen run` starts it: the container's entry point in a process of its own.
 *
 * @param share of the slices, `2/4`, as a further argument
 */
export function startStep(
  step: Step,
  job: Job,
  home: string,
  environment: NodeJS.ProcessEnv = { API_KEY: KEY },
  ...share: readonly string[]
): StepProcess {
  const child = spawn(process.execPath, [ENTRY, step, ...share], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH,
      TMPDIR: home,
      NODE_COMPILE_CACHE: COMPILED,
      PIPEGEN_HOME: home,
      PIPEGEN_PARTITIONS: DAY,
      PIPEGEN_DAG_ID: 'flights',
      PIPEGEN_TASK_ID: step,
      PIPEGEN_RUN_ID: 'test',
      PIPEGEN_TRY_NUMBER: '1',
      PIPEGEN_MAX_TRIES: '',
      PIPEGEN_FORCE: '',
      PIPEGEN_REPLAY: '',
      PIPEGEN_JOB: JSON.stringify(job),
      ...environment,
    },
  });
  const written = { stdout: '', stderr: '' };
  const began = new Promise<void>((resolve) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      written.stdout += text;
      if (written.stdout.includes('"event":"step_started"')) resolve();
    });
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    written.stderr += text;
  });
  const ended = once(child, 'close').then(([exit]) => ({ exit: exit as number | null, ...written }));
  return { child, began, ended };
}

/** An environment in which a process says how much memory it took at most; `peak` is in bytes. */
export function measured(home: string): { environment: NodeJS.ProcessEnv; peak(): number } {
  const report = join(home, 'peak.txt');
  const hook = `import { writeFileSync } from 'node:fs'; process.on('exit', () => writeFileSync(${JSON.stringify(report)}, String(process.resourceUsage().maxRSS)));`;
  return {
    environment: {
      API_KEY: KEY,
      NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(hook)}`,
    },
    peak: () => Number(readFileSync(report, 'utf8')) * 1024,
  };
}
