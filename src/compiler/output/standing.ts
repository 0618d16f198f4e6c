import { createHash } from 'node:crypto';
import { lstatSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';

/** What stands at a path of the output folder. Links are seen, never followed. */
export type Standing =
  | { readonly kind: 'missing' }
  | { readonly kind: 'file'; readonly content: Buffer }
  | { readonly kind: 'other'; readonly is: 'link' | 'folder' | 'device' }
  | { readonly kind: 'outside' };

/** @param path relative to the folder, with `/`; each folder above it is resolved and must stay inside */
export function look(folder: string, path: string): Standing {
  const root = resolved(folder);
  if (root === undefined) return { kind: 'missing' };
  const target = join(root, path);
  for (let parent = dirname(target); ; parent = dirname(parent)) {
    const real = resolved(parent);
    if (real === undefined) continue;
    if (!isWithin(root, real)) return { kind: 'outside' };
    break;
  }
  const stats = unlessAbsent(() => lstatSync(target));
  if (stats === undefined) return { kind: 'missing' };
  if (stats.isFile()) return { kind: 'file', content: readFileSync(target) };
  return { kind: 'other', is: stats.isSymbolicLink() ? 'link' : stats.isDirectory() ? 'folder' : 'device' };
}

export function sha256(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

function resolved(path: string): string | undefined {
  return unlessAbsent(() => realpathSync(path));
}

/** Nothing stands there, or nothing can because a folder above is a file. */
function unlessAbsent<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}

function isWithin(root: string, path: string): boolean {
  const way = relative(root, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !way.startsWith(sep));
}
