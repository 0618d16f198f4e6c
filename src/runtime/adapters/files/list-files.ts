import type { BigIntStats, Dirent } from 'node:fs';
import { readdir, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { StoredObject, Unfinished } from '../../ports/object-store.ts';
import { UNFINISHED } from '../object-name.ts';
import { codeOf, isMissing } from './file-errors.ts';

/**
 * Every object whose name starts with the prefix, ordered by the bytes of its whole name as a bucket does it.
 * What vanishes meanwhile is left out.
 */
export async function* listFiles(root: string, prefix: string): AsyncGenerator<StoredObject> {
  yield* walk(root, '', prefix);
}

async function* walk(root: string, folder: string, prefix: string): AsyncGenerator<StoredObject> {
  const found: { name: string; folder: boolean; order: Buffer }[] = [];
  for (const entry of await entriesOf(join(root, folder))) {
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
    const status = await statusOf(join(root, name));
    if (!status?.isFile()) continue;
    yield { name, size: Number(status.size), updated: status.mtime, version: versionOf(status) };
  }
}

/** Every file that a killed writer, or one still at work, has not given its name. */
export async function* listUnfinished(root: string, folder = ''): AsyncGenerator<Unfinished> {
  for (const entry of await entriesOf(join(root, folder))) {
    const name = folder === '' ? entry.name : `${folder}/${entry.name}`;
    const path = join(root, name);
    if (entry.isDirectory() || (entry.isSymbolicLink() && (await isLinkedFolder(path)))) {
      yield* listUnfinished(root, name);
    } else if (entry.name.startsWith(UNFINISHED)) {
      const status = await statusOf(path);
      if (status === undefined) continue;
      const discard = () =>
        unlink(path).catch((error: unknown) => {
          if (!isMissing(error)) throw error;
        });
      yield { name, size: Number(status.size), updated: status.mtime, discard };
    }
  }
}

/** A file that is replaced has another inode, one that is renewed another date. */
export function versionOf({ ino, size, mtimeNs }: BigIntStats): string {
  return `${ino}-${size}-${mtimeNs}`;
}

async function statusOf(path: string): Promise<BigIntStats | undefined> {
  return stat(path, { bigint: true }).catch((error: unknown) => {
    if (isMissing(error)) return undefined;
    throw error;
  });
}

async function entriesOf(folder: string): Promise<Dirent[]> {
  return readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    if (isMissing(error) || codeOf(error) === 'ENOTDIR') return [];
    throw error;
  });
}

async function isLinkedFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (status) => status.isDirectory(),
    () => false,
  );
}
