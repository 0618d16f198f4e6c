import { randomBytes } from 'node:crypto';
import { closeSync, fchmodSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Puts a whole file in the place of another or of none: who reads at the same time sees either, never a part.
 * @param mode permissions of the file that it takes the place of, where these are to stay
 */
export function replaceFile(path: string, content: string, mode?: number): void {
  // No `.py` at its end: Airflow must not import it.
  const temporary = join(dirname(path), `.pipegen-${randomBytes(6).toString('hex')}.tmp`);
  try {
    const file = openSync(temporary, 'wx', 0o644);
    try {
      if (mode !== undefined) fchmodSync(file, mode);
      writeFileSync(file, content);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
