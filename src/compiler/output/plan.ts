import type { GeneratedFile } from '../dag.ts';
import { MARK } from '../targets/documentation.ts';
import { LIST_NAME, parseList, printList } from './file-list.ts';
import { look, type Standing, sha256 } from './standing.ts';

export interface NotDone {
  /** Relative to the output folder, with `/`. */
  readonly path: string;
  readonly reason: string;
}

/** What a build would do to a folder; paths are relative to it, with `/`, in order. */
export interface WritePlan {
  readonly write: readonly (GeneratedFile & { readonly exists: boolean })[];
  readonly unchanged: readonly string[];
  readonly remove: readonly string[];
  readonly kept: readonly NotDone[];
  readonly refused: readonly NotDone[];
  /** The list as it must be afterwards. */
  readonly list: string;
  readonly listChanged: boolean;
}

/**
 * Compares an output with what stands in the folder. The list there is untrusted: it may come from a merge or from
 * somebody else, so a file is removed only if it is inside the folder and still has the hash that was recorded.
 * @param only removes nothing but below this prefix, such as `local/`: the rest is not part of this build
 */
export function planWrite(files: readonly GeneratedFile[], folder: string, only = ''): WritePlan {
  const outside = files.find((file) => !isInside(file.path));
  if (outside !== undefined) throw new Error(`${outside.path} is not a path of the output`);
  const wanted = [...files].sort((a, b) => (a.path < b.path ? -1 : 1));
  const listStanding = look(folder, LIST_NAME);
  const recorded = parseList(listStanding);
  const placed = placeFiles(wanted, folder, recorded.hashes);
  const cleared = clear(recorded.hashes, new Set(wanted.map((file) => file.path)), folder, only);

  const notOurs = new Set(placed.refused.map((one) => one.path));
  const ours = wanted.filter((file) => !notOurs.has(file.path));
  const list = printList([
    ...ours.map((file) => [file.path, sha256(file.content)] as const),
    ...cleared.carried,
  ]);
  return {
    ...placed,
    remove: cleared.remove,
    kept: [
      ...(recorded.problem === undefined ? [] : [{ path: LIST_NAME, reason: recorded.problem }]),
      ...cleared.kept,
    ],
    list,
    listChanged: listStanding.kind !== 'file' || listStanding.content.toString() !== list,
  };
}

function placeFiles(
  wanted: readonly GeneratedFile[],
  folder: string,
  recorded: ReadonlyMap<string, string>,
): Pick<WritePlan, 'write' | 'unchanged' | 'refused'> {
  const write: (GeneratedFile & { exists: boolean })[] = [];
  const unchanged: string[] = [];
  const refused: NotDone[] = [];
  for (const file of wanted) {
    const standing = look(folder, file.path);
    if (standing.kind === 'missing') {
      write.push({ ...file, exists: false });
    } else if (standing.kind === 'file' && standing.content.equals(Buffer.from(file.content))) {
      unchanged.push(file.path);
    } else {
      const reason = whyForeign(standing, recorded.get(file.path));
      if (reason === undefined) write.push({ ...file, exists: true });
      else refused.push({ path: file.path, reason });
    }
  }
  return { write, unchanged, refused };
}

interface Cleared {
  readonly remove: readonly string[];
  readonly kept: readonly NotDone[];
  /** Entries of the list that this build is not about. */
  readonly carried: readonly (readonly [string, string])[];
}

function clear(
  recorded: ReadonlyMap<string, string>,
  wanted: ReadonlySet<string>,
  folder: string,
  only: string,
): Cleared {
  const remove: string[] = [];
  const kept: NotDone[] = [];
  const carried: (readonly [string, string])[] = [];
  for (const [path, hash] of recorded) {
    if (wanted.has(path)) continue;
    if (!isInside(path)) {
      kept.push({ path, reason: 'the list names a path that is not one of the output folder' });
    } else if (!path.startsWith(only)) {
      carried.push([path, hash]);
    } else {
      const standing = look(folder, path);
      const reason = whyKept(standing, hash);
      if (reason !== undefined) kept.push({ path, reason });
      else if (standing.kind === 'file') remove.push(path);
    }
  }
  return { remove, kept, carried };
}

// With a mark of a comment before it, or none: as a line of a docstring.
const MARKED = new RegExp(`^\\W{0,4}${MARK}\\b`, 'm');

/** Undefined where the file is ours to replace: as it was recorded, or with our mark at the head of a line. */
function whyForeign(
  standing: Exclude<Standing, { kind: 'missing' }>,
  hash: string | undefined,
): string | undefined {
  if (standing.kind !== 'file') return whatStands(standing);
  if (sha256(standing.content) === hash || MARKED.test(standing.content.toString())) return undefined;
  return 'a file that pipegen did not write stands there: move it away, or give the pipeline another name';
}

/** Undefined where the file is as it was recorded, or gone. */
function whyKept(standing: Standing, hash: string): string | undefined {
  if (standing.kind === 'missing') return undefined;
  if (standing.kind !== 'file') return whatStands(standing);
  if (sha256(standing.content) === hash) return undefined;
  return 'it was changed after pipegen wrote it: remove it by hand if nobody needs it';
}

function whatStands(standing: Exclude<Standing, { kind: 'file' | 'missing' }>): string {
  return standing.kind === 'outside'
    ? 'a link on the way leads out of the output folder'
    : `a ${standing.is} stands there, not a file: move it away`;
}

/** Relative, with `/`, without steps upwards or sideways, not too long for a disk, and not the list itself. */
function isInside(path: string): boolean {
  if (path === LIST_NAME || path.length > 1000 || /[\\\0]|^[A-Za-z]:/.test(path)) return false;
  return path.split('/').every((segment) => !['', '.', '..'].includes(segment) && segment.length <= 80);
}
