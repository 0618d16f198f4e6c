import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { StoredObject } from '../../ports/object-store.ts';
import { codeOf, isMissing } from './file-errors.ts';
import { UNFINISHED } from './object-path.ts';

/**
 * Every object whose name starts with the prefix, ordered by the bytes of its whole name as a bucket does it.
 * What vanishes meanwhile is left out.
 */
export async function* listFiles(root: string, prefix: string): AsyncGenerator<StoredObject> {
  yield* walk(root, '', prefix);
}

async function* walk(root: string, folder: string, prefix: string): AsyncGenerator<StoredObject> {
  let entries: Dirent[];
  try {
    entries = await readdir(join(root, folder), { withFileTypes: true });
  } catch (error) {
    if (isMissing(error) || codeOf(error) === 'ENOTDIR') return;
    throw error;
  }
  const found: { name: string; folder: boolean; order: Buffer }[] = [];
  for (const entry of entries) {
    if (entry.name.startsWith(UNFINISHED)) continue;
    const name = folder + entry.name;
    const isFolder = entry.isSymbolicLink() ? await isLinkedFolder(join(root, name)) : entry.isDirectory();
    // A folder sorts as its contents do: with the slash, so that "a-b" stands before "a/b".
    const path = isFolder ? `${name}/` : name;
    if (!path.startsWith(prefix) && !(isFolder && prefix.startsWith(path))) continue;
    found.push({ name: path, folder: isFolder, order: Buffer.from(path) });
  }
  found.sort((a, b) => Buffer.compare(a.order, b.order));
  for (const { name, folder: isFolder } of found) {
    if (isFolder) {
      yield* walk(root, name, prefix);
      continue;
    }
    const status = await stat(join(root, name)).catch((error: unknown) => {
      if (isMissing(error)) return undefined;
      throw error;
    });
    if (status?.isFile()) yield { name, size: status.size, updated: status.mtime };
  }
}

async function isLinkedFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (status) => status.isDirectory(),
    () => false,
  );
}
