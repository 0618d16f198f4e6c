import type { JobExtract } from '../../adapters/http/url.ts';
import type { LandedSlice } from '../../receipt.ts';
import type { ListWork } from './read-list.ts';
import type { Slice } from './slice-values.ts';

/** A slice to read and what is needed for it. */
export interface SliceWork extends ListWork {
  extract: JobExtract;
  partition: string;
  slice: Slice;
  /** Of its pages; of those of parents and children the beginning. */
  folder: string;
}

export interface ReadSlice {
  landed: LandedSlice;
  /** Milliseconds since 1970. */
  began: number;
  /** Its file was not there, and that is no fault. */
  missing: boolean;
}

/** For messages. */
export function sliceName({ partition, slice }: Pick<SliceWork, 'partition' | 'slice'>): string {
  return slice.value === null ? partition : `${partition}, slice ${slice.value}`;
}

/** Records by which a count may miss the API's total. */
export function toleranceOf(paginate: JobExtract['paginate']): number {
  return paginate.kind === 'none' ? 0 : paginate.tolerance;
}
