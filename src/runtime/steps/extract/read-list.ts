import type { Logger } from 'pino';
import { temporary } from '../../errors.ts';
import type { ObjectStore } from '../../ports/object-store.ts';
import type { Source } from '../../ports/source.ts';
import { findReading } from './find-reading.ts';
import type { LandedNames } from './landed-names.ts';
import { beginReading, endingOf, type ListPlace, landPage, type Reading } from './landing.ts';
import { settle } from './settle.ts';

/** What all lists of a slice have in common. */
export interface ListWork {
  source: Source;
  store: ObjectStore;
  names: LandedNames;
  log: Logger;
  signal: AbortSignal;
  /** Milliseconds for which landed pages may be continued. */
  resumeWithin: number;
  now(): number;
  onRequest(): void;
}

export interface ListToRead extends ListPlace {
  /** For messages. */
  name: string;
  /** Records by which the count may miss the API's total. */
  tolerance: number;
  /** One of many: what is said of each is for those who look for a fault. */
  quiet: boolean;
}

/**
 * Lands a list from where an earlier try left it. If it moved under the reading, or ended elsewhere than the API's
 * total, it is read once more from its beginning; what still does not fit then may fit later: temporary.
 */
export async function readList(work: ListWork, one: ListToRead): Promise<Reading> {
  const { source, store, log } = work;
  const { partition, slice } = one.list;
  let reading = await firstReading(work, one);
  for (let again = false; ; again = true) {
    await readOn(work, one, reading);
    const { offset: received, total } = reading.position;
    const { complete, moved } = settle(received, reading.totals, one.tolerance);
    // The second time a total that moved is enough warning: a list that only grows at its end always moves.
    if (complete && (!moved || again)) return reading;
    const what = `${one.name}: ${received} records came and the API counts ${total}${
      moved ? `, after ${reading.totals.find((count) => count !== null)} at first` : ''
    }`;
    if (again) {
      throw temporary(
        `${what}, also when read once more: the list changes while it is read. Try again later, or allow a difference by paginate.tolerance`,
      );
    }
    log.warn(
      { event: 'slice_read_again', partition, slice, records: received, total },
      `${what}; reading it again`,
    );
    reading = await beginReading(store, one, reading.number + 1, source, work.now());
  }
}

async function firstReading(work: ListWork, one: ListToRead): Promise<Reading> {
  const { source, store, names, log } = work;
  const found = await findReading(store, one, names, source, work.now() - work.resumeWithin);
  if ('next' in found) return beginReading(store, one, found.next, source, work.now());
  const { pages, position } = found.reading;
  const left = position.ended ? 'is landed whole, by' : 'goes on after';
  const { partition, slice } = one.list;
  log[one.quiet ? 'debug' : 'info'](
    { event: 'slice_resumed', partition, slice, pages: pages.length, records: position.offset },
    `${one.name}: ${left} ${pages.length} pages with ${position.offset} records`,
  );
  return found.reading;
}

async function readOn(work: ListWork, one: ListToRead, reading: Reading): Promise<void> {
  const { source, store, log, signal, onRequest } = work;
  const { partition, slice } = one.list;
  for await (const page of source.read({ list: one.list, from: reading.position, signal, onRequest })) {
    await landPage(store, reading, page, endingOf(source, one.list));
    const { index, records, total } = page;
    log[one.quiet ? 'debug' : 'info'](
      { event: 'page_landed', partition, slice, page: index, records, total },
      `${one.name}: page ${index} landed with ${records} records`,
    );
  }
}
