import type { Logger } from 'pino';
import { badData, temporary } from '../../errors.ts';
import type { ObjectStore } from '../../ports/object-store.ts';
import type { Source } from '../../ports/source.ts';
import type { LandedSlice } from '../../receipt.ts';
import { beginReading, findReading, landPage, type Reading, type SlicePlace } from './landing.ts';
import { settle } from './settle.ts';

export interface SliceWork {
  place: SlicePlace;
  source: Source;
  store: ObjectStore;
  log: Logger;
  signal: AbortSignal;
  /** Records by which the count may miss the API's total. */
  tolerance: number;
  onEmpty: 'allow' | 'fail';
  /** Milliseconds for which landed pages may be continued. */
  resumeWithin: number;
  now(): number;
  onRequest(): void;
}

export interface ReadSlice {
  landed: LandedSlice;
  /** Milliseconds since 1970. */
  began: number;
}

/**
 * Lands a slice from where an earlier try left it. If the list moved under the reading, or ended elsewhere than the
 * API's total, it is read once more from its beginning; what still does not fit then may fit later: temporary.
 */
export async function readSlice(work: SliceWork): Promise<ReadSlice> {
  const { place, source, store, log, tolerance } = work;
  const { partition, slice } = place;
  let reading = await firstReading(work);
  for (let again = false; ; again = true) {
    await readOn(work, reading);
    const { offset: received, total } = reading.position;
    const { complete, moved } = settle(received, reading.totals, tolerance);
    // The second time a total that moved is enough warning: a list that only grows at its end always moves.
    if (complete && (!moved || again)) break;
    const what = `${sliceName(place)}: ${received} records came and the API counts ${total}${
      moved ? `, after ${reading.totals.find((one) => one !== null)} at first` : ''
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
    reading = await beginReading(
      store,
      place,
      reading.number + 1,
      source.describe(partition, slice),
      work.now(),
    );
  }

  const { pages, began } = reading;
  const { offset: records, total } = reading.position;
  if (records === 0 && work.onEmpty === 'fail') {
    throw badData(
      `${sliceName(place)}: the API has no record, and slices.on_empty is "fail". Look whether the API is well; if nothing is right, set it to "allow"`,
    );
  }
  log.info(
    { event: 'slice_done', partition, slice, pages: pages.length, records, total },
    `${sliceName(place)}: ${records} records in ${pages.length} page${pages.length === 1 ? '' : 's'}`,
  );
  return { landed: { value: slice, pages, records, total }, began };
}

async function firstReading(work: SliceWork): Promise<Reading> {
  const { place, source, store, log } = work;
  const { partition, slice } = place;
  const found = await findReading(store, place, source, work.now() - work.resumeWithin);
  if ('next' in found) {
    return beginReading(store, place, found.next, source.describe(partition, slice), work.now());
  }
  const { pages, position } = found.reading;
  const left = position.ended ? 'is landed whole, by' : 'goes on after';
  log.info(
    { event: 'slice_resumed', partition, slice, pages: pages.length, records: position.offset },
    `${sliceName(place)}: ${left} ${pages.length} pages with ${position.offset} records`,
  );
  return found.reading;
}

async function readOn(work: SliceWork, reading: Reading): Promise<void> {
  const { place, source, store, log, signal, onRequest } = work;
  const { partition, slice } = place;
  const pages = source.readSlice({ partition, slice, from: reading.position, signal, onRequest });
  for await (const page of pages) {
    await landPage(store, reading, page);
    const { index, records, total } = page;
    log.info(
      { event: 'page_landed', partition, slice, page: index, records, total },
      `${sliceName(place)}: page ${index} landed with ${records} records`,
    );
  }
}

function sliceName({ partition, slice }: SlicePlace): string {
  return slice === null ? partition : `${partition}, slice ${slice}`;
}
