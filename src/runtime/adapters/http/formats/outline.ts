import { isUtf8 } from 'node:buffer';
import { skipSpace, skipString, skipValue } from './skip-json.ts';

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

const MARK = Buffer.from([0xef, 0xbb, 0xbf]);
const [COMMA, COLON] = [0x2c, 0x3a];
const [BRACE, END_BRACE, BRACKET, END_BRACKET] = [0x7b, 0x7d, 0x5b, 0x5d];

/**
 * A document without its long list of records, which is counted and not read: `JSON.parse` takes five times as long
 * and all the memory, for objects that nobody looks at.
 *
 * @param path dotted path of keys to the list
 * @returns undefined where the body is not JSON in UTF-8, has no list there, or has it in a way that only a whole
 *   reading settles: a list at the top, a key twice, a key with an escape
 */
export function readOutline(body: Buffer, path: string): Outline | undefined {
  if (path === '' || !isUtf8(body)) return undefined;
  const range = findList(body, path.split('.'));
  if (range === undefined) return undefined;
  const { start, end, count } = range;
  const begin = body.indexOf(MARK) === 0 ? MARK.length : 0;
  let document: unknown;
  try {
    document = JSON.parse(`${body.toString('utf8', begin, start)}[]${body.toString('utf8', end)}`);
  } catch {
    return undefined;
  }
  const bytes = body.subarray(start, end);
  readLater(document, path.split('.'), bytes);
  return { document, list: { count, bytes } };
}

interface Found {
  start: number;
  /** After the closing bracket. */
  end: number;
  count: number;
}

function findList(body: Buffer, path: readonly string[]): Found | undefined {
  const keys = path.map((part) => Buffer.from(part));
  let found: Found | undefined;

  /** @returns the position after the value at `at`, -1 where the whole has to be read */
  function search(at: number, depth: number): number {
    const key = keys[depth];
    if (key === undefined) return countList(at);
    if (body[at] !== BRACE) return skipValue(body, at);
    let seen = false;
    let here = skipSpace(body, at + 1);
    if (body[here] === END_BRACE) return here + 1;
    for (;;) {
      const name = here;
      here = skipString(body, name);
      if (here < 0) return -1;
      const text = body.subarray(name + 1, here - 1);
      if (text.includes(0x5c)) return -1;
      here = skipSpace(body, here);
      if (body[here] !== COLON) return -1;
      here = skipSpace(body, here + 1);
      const wanted = text.equals(key);
      // Of two equal keys the last one counts, and everything under the first is void.
      if (wanted && seen) return -1;
      seen ||= wanted;
      here = wanted ? search(here, depth + 1) : skipValue(body, here);
      if (here < 0) return -1;
      here = skipSpace(body, here);
      if (body[here] === END_BRACE) return here + 1;
      if (body[here] !== COMMA) return -1;
      here = skipSpace(body, here + 1);
    }
  }

  function countList(start: number): number {
    if (body[start] !== BRACKET) return -1;
    let here = skipSpace(body, start + 1);
    let count = 0;
    while (count > 0 || body[here] !== END_BRACKET) {
      here = skipValue(body, here);
      if (here < 0) return -1;
      count += 1;
      here = skipSpace(body, here);
      if (body[here] === END_BRACKET) break;
      if (body[here] !== COMMA) return -1;
      here = skipSpace(body, here + 1);
    }
    found = { start, end: here + 1, count };
    return here + 1;
  }

  const begin = skipSpace(body, body.indexOf(MARK) === 0 ? MARK.length : 0);
  const end = search(begin, 0);
  return end < 0 || skipSpace(body, end) < body.length ? undefined : found;
}

function readLater(document: unknown, path: readonly string[], bytes: Buffer): void {
  let parent = document as Record<string, unknown>;
  for (const part of path.slice(0, -1)) parent = parent[part] as Record<string, unknown>;
  let read: unknown;
  Object.defineProperty(parent, path.at(-1) as string, {
    enumerable: true,
    configurable: true,
    get: () => (read ??= JSON.parse(bytes.toString('utf8'))),
  });
}
