import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * A folder for all temporary files of a run, which goes when it ends: a step or a server that a test kills leaves its own
 * behind.
 */
export default function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'pipegen-tests-'));
  // Containers have users of their own.
  chmodSync(folder, 0o755);
  const before = process.env.TMPDIR;
  process.env.TMPDIR = folder;
  return () => {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
    try {
      rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    } catch (error) {
      // Of such a user, perhaps; nothing else depends on it.
      console.warn(`${folder} could not be removed: ${error instanceof Error ? error.message : error}`);
    }
  };
}
