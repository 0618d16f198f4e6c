import { badData } from '../../errors.ts';
import { Missing } from '../../ports/source.ts';
import { readChildren } from './read-children.ts';
import { type ListToRead, readList } from './read-list.ts';
import { type ReadSlice, type SliceWork, sliceName, toleranceOf } from './slice-work.ts';

/** Lands the pages of a slice: of the list itself, or of the parents and then of the list of each. */
export async function readSlice(work: SliceWork): Promise<ReadSlice> {
  const { extract, log, partition, slice } = work;
  const began = work.now();
  const read = await (extract.for_each === undefined ? readRecords(work) : readChildren(work)).catch(
    (error: unknown): ReadSlice => {
      if (!(error instanceof Missing)) throw error;
      log.warn({ event: 'slice_missing', partition, slice: slice.value }, error.message);
      return { landed: { value: slice.value, pages: [], records: 0, total: 0 }, began, missing: true };
    },
  );
  const { pages, records, total, for_each: family } = read.landed;
  if (records === 0 && extract.slices?.on_empty === 'fail') {
    throw badData(
      `${sliceName(work)}: the API has no record, and slices.on_empty is "fail". Look whether the API is well; if nothing is right, set it to "allow"`,
    );
  }
  const count = pages.length + (family?.children.pages ?? 0);
  log.info(
    { event: 'slice_done', partition, slice: slice.value, pages: count, records, total },
    `${sliceName(work)}: ${records} records in ${count} page${count === 1 ? '' : 's'}${
      family === undefined ? '' : ` of ${family.children.lists} lists`
    }`,
  );
  return read;
}

async function readRecords(work: SliceWork): Promise<ReadSlice> {
  const { extract, partition, slice, folder } = work;
  const one: ListToRead = {
    list: { of: 'records', partition, slice: slice.value, values: slice.values },
    folder,
    name: sliceName(work),
    tolerance: toleranceOf(extract.paginate),
    quiet: false,
  };
  const { pages, position, began } = await readList(work, one);
  const { offset: records, total } = position;
  return { landed: { value: slice.value, pages, records, total }, began, missing: false };
}
