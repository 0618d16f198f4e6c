import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { EXIT } from '../../spec/exit-codes.ts';
import type { Outcome, StepContext, StepFunction, Work } from '../context.ts';
import { badData, configuration, StepError } from '../errors.ts';
import type { ExtractDetails, PublishedFile, UploadDetails } from '../receipt.ts';
import { refuseBadRows, refuseDuplicates } from './upload/limits.ts';
import { type StagedRows, Staging } from './upload/staging.ts';

/**
 * From landed pages to typed files, partition by partition: picks the records, casts, applies the row rules, sets
 * aside what breaks one, removes duplicates by key. Details of its receipt: `UploadDetails`.
 */
export const upload: StepFunction = async (context, work, report) => {
  for (const one of work) {
    const landed = landedBy(one);
    const folder = await mkdtemp(join(context.scratch, 'upload-'));
    try {
      const uploaded = await uploadPartition(context, one.partition, landed, folder);
      await report.finish(one.partition, outcome(context, one.partition, landed, uploaded));
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
};

interface Uploaded extends StagedRows {
  received: number;
  published: PublishedFile | null;
  quarantine: PublishedFile | null;
}

async function uploadPartition(
  context: StepContext,
  partition: string,
  landed: ExtractDetails,
  folder: string,
): Promise<Uploaded> {
  const { job, store } = context;
  const pages = landed.slices.flatMap((slice) => slice.pages);
  const received = pages.reduce((sum, page) => sum + page.records, 0);
  if (pages.length === 0) {
    return {
      received,
      quarantined: 0,
      duplicates: 0,
      keyless: 0,
      reasons: [],
      published: null,
      quarantine: null,
    };
  }
  using staging = await Staging.read(context, partition, pages, folder);
  const staged = await staging.count();
  const quarantine = staged.quarantined === 0 ? null : await staging.writeQuarantine();
  if (quarantine !== null) {
    // Written first, so that a person can look at what made the step fail.
    const aside = `${store.location}/${quarantine.name}`;
    await refuseBadRows(job.contract, staged, received, aside, () => staging.samples());
  }
  refuseDuplicates(job.key, staged.duplicates, received);
  const good = received - staged.quarantined - staged.duplicates;
  const published = good === 0 ? null : await staging.writePublished();
  if ((published?.rows ?? 0) !== good || (quarantine?.rows ?? 0) !== staged.quarantined) {
    throw new StepError(
      EXIT.defect,
      `the rows of ${partition} do not add up: received ${received}, published ${published?.rows ?? 0}, quarantined ${quarantine?.rows ?? 0}, duplicates ${staged.duplicates}`,
    );
  }
  return { received, ...staged, published, quarantine };
}

function outcome(
  context: StepContext,
  partition: string,
  landed: ExtractDetails,
  uploaded: Uploaded,
): Outcome {
  const { received, quarantined, duplicates, published } = uploaded;
  const kept = published?.rows ?? 0;
  const counts = `published ${kept} of ${received} rows of ${partition}, ${quarantined} quarantined, ${duplicates} duplicates`;
  const details: UploadDetails = {
    extracted_at: landed.extracted_at,
    files: published === null ? [] : [published],
    quarantine: uploaded.quarantine,
    reasons: uploaded.reasons,
    keyless: uploaded.keyless,
    total: landed.total,
  };
  const rows = { received, published: kept, quarantined, duplicates, filtered: 0 };
  const { load } = context.job;
  if (kept === 0 && load?.on_empty === 'fail') {
    throw badData(
      `${counts}: an empty partition never replaces a full one. If it may be empty, set load.on_empty to skip or replace`,
    );
  }
  const skipped = kept === 0 && load?.on_empty === 'skip';
  return {
    status: skipped ? 'skipped' : 'done',
    message: skipped ? `${counts}: nothing to load (load.on_empty: skip)` : counts,
    rows,
    details,
  };
}

function landedBy({ partition, previous }: Work): ExtractDetails {
  if (previous?.step !== 'extract' || previous.details === undefined) {
    throw configuration(`upload of ${partition} found no receipt of extract: run extract first`);
  }
  return previous.details as ExtractDetails;
}
