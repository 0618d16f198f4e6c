import type { Project } from '../project.ts';
import { type CachedLint, isCachedLint } from './cached-lint.ts';
import { entryName } from './entry-name.ts';
import { openUserCache } from './user-cache.ts';

/** To be raised when an entry's form changes. */
const FORM = 2;

/** Specs of one user. */
const cache = () => openUserCache('lint', { entries: 50, bytes: 32 * 2 ** 20 });

const nameOf = ({ path, file }: Project) => entryName(FORM, path, file);

/**
 * What the last lint of a spec found and what it had read.
 * @returns undefined where there is none, or none that can be trusted
 */
export function readCachedLint(project: Project): CachedLint | undefined {
  return cache().read(nameOf(project), (content) => {
    const entry: unknown = JSON.parse(content.toString());
    return isCachedLint(entry) ? entry : undefined;
  });
}

/** What can't be written is looked at again next time. */
export function writeCachedLint(project: Project, entry: CachedLint): void {
  cache().write(nameOf(project), Buffer.from(JSON.stringify(entry)));
}
