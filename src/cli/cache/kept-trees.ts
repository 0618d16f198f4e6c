import { createHash } from 'node:crypto';
import { deserialize, serialize } from 'node:v8';
import { isLayout } from '../../compiler/layout.ts';
import type { KnownTrees, Tree } from '../../compiler/parse.ts';
import { entryName } from './entry-name.ts';
import { openUserCache } from './user-cache.ts';

/** To be raised when the form of a tree changes without a change of the version, as it can't in a checkout. */
const FORM = 1;

/** A file of a hundred pipelines has two megabytes of them. */
const MOST = { entries: 2_000, bytes: 256 * 2 ** 20 };

/**
 * What was made of files with the same content, wherever they lie: of many files most are as they were the last time.
 * Kept as the engine writes values, so that what an anchor names is one object as before.
 */
export function keptTrees(): KnownTrees {
  const cache = openUserCache('parsed', MOST);
  const nameOf = (bytes: Uint8Array) => entryName(FORM, createHash('sha256').update(bytes).digest('hex'));
  return {
    read: (bytes) =>
      cache.read(nameOf(bytes), (content) => {
        const tree: unknown = deserialize(content);
        return isTree(tree) ? tree : undefined;
      }),
    write: (bytes, tree) => cache.write(nameOf(bytes), serialize(tree)),
  };
}

function isTree(tree: unknown): tree is Tree {
  return (
    typeof tree === 'object' && tree !== null && 'value' in tree && 'layout' in tree && isLayout(tree.layout)
  );
}
