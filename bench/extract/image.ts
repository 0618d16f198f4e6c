import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));

/** The runtime as the image has it: bundled, compiled beforehand, started with the flags of its entry point. */
export interface ImageRuntime {
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/** Made in a temporary folder, which goes with this process. */
export function imageRuntime(): ImageRuntime {
  const folder = mkdtempSync(join(tmpdir(), 'pipegen-bench-image-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  const environment = { NODE_COMPILE_CACHE: join(folder, 'compiled') };
  for (const script of ['bundle', 'compile']) {
    const made = spawnSync(process.execPath, [join(REPOSITORY, `scripts/image/${script}.ts`), folder], {
      cwd: REPOSITORY,
      env: { ...process.env, ...(script === 'compile' ? environment : {}) },
      encoding: 'utf8',
    });
    if (made.status !== 0) throw new Error(`${script} ended with ${made.status}\n${made.stderr}`);
  }
  return {
    command: [process.execPath, '--min-semi-space-size=4', join(folder, 'bin/pipegen-runtime.js')],
    environment,
  };
}
