import type { Page, Reader, Source } from '../../runtime/ports/source.ts';

/** Lists of children that are looked into until one has a record. */
const MOST_LISTS = 5;

/**
 * The same source that ends after one page of records, and one of parents where it has some: of the slice that is
 * wanted, else of the first. What the API says there is in all is left out, since nobody reads it all.
 */
export function firstPage(source: Source, slice: string | undefined): Source {
  let wanted: string | null | undefined = slice;
  let lists = 0;
  let found = false;

  function skipped({ list }: Reader): boolean {
    if (wanted === undefined) wanted = list.slice;
    if (list.slice !== wanted) return true;
    if (list.of === 'parents') return false;
    lists += 1;
    return found || lists > MOST_LISTS;
  }

  return {
    ...source,
    async *read(reader) {
      if (skipped(reader)) return;
      for await (const page of source.read(reader)) {
        if (reader.list.of === 'records' && page.records > 0) found = true;
        yield last(page);
        return;
      }
    },
  };
}

function last(page: Page): Page {
  return { ...page, total: null, next: { ...page.next, total: null, ended: true } };
}
