import { isUtf8 } from 'node:buffer';
import { BYTE_ORDER_MARK, type FoundList, findList } from '../../../find-list.ts';

/** A list of records of which nothing is known but where it stands and how many it has. */
export interface ListOutline {
  readonly count: number;
  /** From bracket to bracket, as received. */
  readonly bytes: Buffer;
}

export interface Outline {
  /** As of `JSON.parse`; the list in it is read when somebody looks at it. */
  readonly document: unknown;
  readonly list: ListOutline;
}

/**
 * A document without its long list of records, which is counted and not read: `JSON.parse` takes more time and several
 * times the memory, for objects that nobody looks at.
 *
 * @param path dotted path to the list
 * @param known what `findList` says of them, if somebody has asked
 * @returns undefined where the body is not JSON in UTF-8, has no list there, or is that list itself
 */
export function readOutline(body: Buffer, path: string, known?: FoundList): Outline | undefined {
  if (path === '' || !isUtf8(body)) return undefined;
  const found = known ?? findList(body, path);
  if (found === undefined) return undefined;
  const { start, end, count } = found;
  const begin = body.indexOf(BYTE_ORDER_MARK) === 0 ? BYTE_ORDER_MARK.length : 0;
  const document = JSON.parse(`${body.toString('utf8', begin, start)}[]${body.toString('utf8', end)}`);
  const bytes = body.subarray(start, end);
  readLater(document, path.split('.'), bytes);
  return { document, list: { count, bytes } };
}

function readLater(document: unknown, path: readonly string[], bytes: Buffer): void {
  let parent = document as Record<string, unknown>;
  for (const part of path.slice(0, -1)) parent = parent[part] as Record<string, unknown>;
  let read: unknown;
  Object.defineProperty(parent, path.at(-1) as string, {
    enumerable: true,
    configurable: true,
    get: () => {
      read ??= JSON.parse(bytes.toString('utf8'));
      return read;
    },
  });
}
