import { randomBytes } from 'node:crypto';
import { link, rename, rmdir, stat, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { UNFINISHED } from '../object-name.ts';
import { codeOf, isMissing } from './file-errors.ts';
import { versionOf } from './list-files.ts';

/**
 * Removes the file if it is still of this version; false where it is another. It is taken aside before it is looked
 * at: a writer that renews it meanwhile finds none, and writes it anew. Folders that are empty then go too.
 */
export async function removeUnchanged(root: string, path: string, version: string): Promise<boolean> {
  const aside = join(dirname(path), `${UNFINISHED}${process.pid}-${randomBytes(6).toString('hex')}`);
  try {
    await rename(path, aside);
  } catch (error) {
    if (isMissing(error)) return true;
    throw error;
  }
  const unchanged = versionOf(await stat(aside, { bigint: true })) === version;
  if (!unchanged) {
    // Back, unless somebody has already written it anew.
    await link(aside, path).catch((error: unknown) => {
      if (codeOf(error) !== 'EEXIST') throw error;
    });
  }
  await unlink(aside);
  if (unchanged) await removeEmpty(root, dirname(path));
  return unchanged;
}

async function removeEmpty(root: string, folder: string): Promise<void> {
  for (let path = folder; path !== root && path.startsWith(root); path = dirname(path)) {
    try {
      await rmdir(path);
    } catch (error) {
      if (isMissing(error)) continue;
      // Not empty, or a linked folder: it stays, and so does what is above it.
      if (['ENOTEMPTY', 'EEXIST', 'ENOTDIR'].includes(codeOf(error) ?? '')) return;
      throw error;
    }
  }
}
