import { skipSpace, skipString, skipValue } from './skip-json.ts';

/** A list in a document of which nothing is read but where its items stand. */
export interface FoundList {
  /** Of its opening bracket. */
  readonly start: number;
  /** After its closing bracket. */
  readonly end: number;
  readonly count: number;
  /** Start and end of each item, one after the other; empty unless wanted. */
  readonly items: readonly number[];
}

export const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);
const [COMMA, COLON, BACKSLASH] = [0x2c, 0x3a, 0x5c];
const [BRACE, END_BRACE, BRACKET, END_BRACKET] = [0x7b, 0x7d, 0x5b, 0x5d];

/**
 * The list that `valueAt(JSON.parse(body), path)` would find. Of two equal keys the last counts, as there.
 *
 * @param body UTF-8, perhaps with a byte order mark
 * @param path dotted; empty: the document itself
 * @param items whether to say where each item stands
 * @returns undefined where the body is not JSON, or has no list there
 */
export function findList(body: Buffer, path: string, items = false): FoundList | undefined {
  const search = new Search(body, path === '' ? [] : path.split('.'), items);
  const begin = skipSpace(body, body.indexOf(BYTE_ORDER_MARK) === 0 ? BYTE_ORDER_MARK.length : 0);
  const end = search.value(begin, 0);
  return end < 0 || skipSpace(body, end) < body.length ? undefined : search.found;
}

class Search {
  found: FoundList | undefined;
  readonly #body: Buffer;
  readonly #keys: readonly { text: string; bytes: Buffer }[];
  readonly #items: boolean;

  constructor(body: Buffer, path: readonly string[], items: boolean) {
    this.#body = body;
    this.#keys = path.map((text) => ({ text, bytes: Buffer.from(text) }));
    this.#items = items;
  }

  /** @returns the position after the value at `at`, -1 where there is none; so do the others */
  value(at: number, depth: number): number {
    this.found = undefined;
    const byte = this.#body[at];
    if (depth === this.#keys.length) return byte === BRACKET ? this.#list(at) : skipValue(this.#body, at);
    if (byte === BRACE) return this.#object(at, depth);
    return byte === BRACKET ? this.#array(at, depth) : skipValue(this.#body, at);
  }

  #object(at: number, depth: number): number {
    const body = this.#body;
    let here = skipSpace(body, at + 1);
    if (body[here] === END_BRACE) return here + 1;
    for (;;) {
      const end = skipString(body, here);
      if (end < 0) return -1;
      const wanted = this.#isKey(body.subarray(here + 1, end - 1), depth);
      here = skipSpace(body, end);
      if (body[here] !== COLON) return -1;
      here = skipSpace(body, here + 1);
      here = wanted ? this.value(here, depth + 1) : skipValue(body, here);
      if (here < 0) return -1;
      here = skipSpace(body, here);
      if (body[here] === END_BRACE) return here + 1;
      if (body[here] !== COMMA) return -1;
      here = skipSpace(body, here + 1);
    }
  }

  #isKey(name: Buffer, depth: number): boolean {
    const key = this.#keys[depth];
    if (key === undefined) return false;
    return name.includes(BACKSLASH) ? JSON.parse(`"${name}"`) === key.text : name.equals(key.bytes);
  }

  /** A list on the way, of which the path names an item. */
  #array(at: number, depth: number): number {
    return this.#each(at, (here, index) =>
      String(index) === this.#keys[depth]?.text ? this.value(here, depth + 1) : skipValue(this.#body, here),
    ).end;
  }

  #list(start: number): number {
    const items: number[] = [];
    const { end, count } = this.#each(start, (here) => {
      const after = skipValue(this.#body, here);
      if (this.#items) items.push(here, after);
      return after;
    });
    if (end >= 0) this.found = { start, end, count, items };
    return end;
  }

  #each(at: number, item: (here: number, index: number) => number): { end: number; count: number } {
    const body = this.#body;
    let here = skipSpace(body, at + 1);
    if (body[here] === END_BRACKET) return { end: here + 1, count: 0 };
    for (let index = 0; ; index += 1) {
      here = item(here, index);
      if (here < 0) return { end: -1, count: 0 };
      here = skipSpace(body, here);
      if (body[here] === END_BRACKET) return { end: here + 1, count: index + 1 };
      if (body[here] !== COMMA) return { end: -1, count: 0 };
      here = skipSpace(body, here + 1);
    }
  }
}
