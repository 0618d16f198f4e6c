import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SCRIPT = fileURLToPath(new URL('measure.py', import.meta.url));

/** Of a whole process and those it started. */
export interface Measured {
  readonly seconds: number;
  /** Processor seconds. */
  readonly cpu: number;
  /** Largest resident memory of one process, MiB. */
  readonly peak: number;
}

export function measure(command: readonly string[], environment?: NodeJS.ProcessEnv): Measured {
  return measureOutput(command, environment).measured;
}

/** The same, with what it wrote to stdout. */
export function measureOutput(
  command: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): { measured: Measured; stdout: string } {
  const folder = mkdtempSync(join(tmpdir(), 'pipegen-measure-'));
  try {
    const file = join(folder, 'took.json');
    const ended = spawnSync('python3', [SCRIPT, file, ...command], {
      env: { ...process.env, ...environment },
      encoding: 'utf8',
      maxBuffer: 1e9,
    });
    if (ended.status !== 0) {
      throw new Error(
        `${command.join(' ')} ended with ${ended.status}\n${ended.stdout.slice(-2000)}\n${ended.stderr.slice(-2000)}`,
      );
    }
    return { measured: JSON.parse(readFileSync(file, 'utf8')) as Measured, stdout: ended.stdout };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** One after the other. */
export function together(...parts: readonly Measured[]): Measured {
  return {
    seconds: parts.reduce((sum, part) => sum + part.seconds, 0),
    cpu: parts.reduce((sum, part) => sum + part.cpu, 0),
    peak: Math.max(...parts.map((part) => part.peak)),
  };
}
