import type { Job } from '../../spec/job.ts';
import { UsageError } from '../usage-error.ts';

/**
 * The job of a preview: one slice, one request at a time, a store of its own; and nothing that would end it before
 * there is something to see.
 *
 * @param store a folder that is removed afterwards
 */
export function previewJob(job: Job, store: string, slice: string | undefined, local: boolean): Job {
  const { extract } = job;
  if (extract === undefined || job.columns === undefined) {
    throw new UsageError(`the pipeline ${job.pipeline} extracts nothing, so there is nothing to preview`);
  }
  if (slice !== undefined && extract.slices === undefined) {
    throw new UsageError(`the pipeline ${job.pipeline} has no slices, so --slice means nothing`);
  }
  const { missing: _, for_each, slices, ...rest } = extract;
  return {
    ...job,
    store: { kind: 'files', root: store },
    extract: {
      ...rest,
      ...(slices === undefined || local ? {} : { slices: oneSlice(slices, slice) }),
      ...(for_each === undefined || local ? {} : { for_each: { ...for_each, parallel: 1 } }),
    },
    contract: { ...job.contract, bad_rows: 'quarantine', max_bad_rows: '100%' },
    ...(job.key === undefined ? {} : { key: { ...job.key, max_duplicates: '100%' } }),
    ...(job.load === undefined ? {} : { load: { ...job.load, on_empty: 'replace' } }),
  };
}

type Slices = NonNullable<NonNullable<Job['extract']>['slices']>;

function oneSlice(slices: Slices, wanted: string | undefined): Slices {
  const quiet = { parallel: 1, on_empty: 'allow' } as const;
  // Which windows a day has is known when it is cut; the first page of the wanted one is taken then.
  if (!('values' in slices)) return { ...slices, ...quiet };
  const [first = ''] = slices.values;
  if (wanted !== undefined && !slices.values.includes(wanted)) {
    throw new UsageError(`there is no slice "${wanted}": it is one of ${slices.values.join(', ')}`);
  }
  return { ...slices, ...quiet, values: [wanted ?? first] };
}
