import type { PageOfRows } from '../landed-pages.ts';

/** Bytes as stored; some ten times as many when decoded. Of whole pages that is in memory, of lines on the disk. */
const GROUP_BYTES = { pages: 2 ** 20, lines: 4 * 2 ** 20 };
/** Files that DuckDB opens for one query. */
const GROUP_PAGES = 1_000;

/** MiB for a DuckDB: what it needs for groups of pages and buckets of keys, whatever the size of the partition. */
const MEMORY = 104;
/** Times its size as stored that a page has when it is decoded; more where its texts repeat, and less hardly ever. */
const DECODED = 10;

/** How an engine that reads these pages works, for `Engine.open`. */
export function engineFor(pages: readonly PageOfRows[]): { memory: number; largestPiece: number } {
  const largest = pages.reduce((most, page) => Math.max(most, page.size), 0);
  return { memory: MEMORY, largestPiece: largest * DECODED };
}

/** Pages in order, cut so that what a group becomes fits into little memory, and onto a small disk. */
export function groupsOf(pages: readonly PageOfRows[], form: 'pages' | 'lines'): PageOfRows[][] {
  const groups: PageOfRows[][] = [];
  let bytes = 0;
  for (const page of pages) {
    const last = groups.at(-1);
    if (last === undefined || bytes + page.size > GROUP_BYTES[form] || last.length >= GROUP_PAGES) {
      groups.push([page]);
      bytes = page.size;
    } else {
      last.push(page);
      bytes += page.size;
    }
  }
  return groups;
}

/** A list in pieces of `size`, the last one perhaps smaller. */
export function cut<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, n) =>
    items.slice(n * size, (n + 1) * size),
  );
}
