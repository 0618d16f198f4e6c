import { globSync, readFileSync, realpathSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type { IncludedFile, ReadIncluded } from '../compiler/include.ts';

/** What `include` finds below the folder of the spec, an absolute path. Folders are never matched, links are followed. */
export function includedIn(home: string): ReadIncluded {
  return (pattern) =>
    globSync(pattern, { cwd: home, withFileTypes: true })
      .filter((entry) => !entry.isDirectory())
      .map((entry) => {
        const path = join(entry.parentPath, entry.name);
        return { path: relative(home, path).replaceAll(sep, '/'), content: read(home, path) };
      });
}

function read(home: string, path: string): IncludedFile['content'] {
  try {
    const inside = relative(realpathSync(home), realpathSync(path));
    if (inside === '..' || inside.startsWith(`..${sep}`)) return 'outside';
    return readFileSync(path);
  } catch {
    return 'unreadable';
  }
}
