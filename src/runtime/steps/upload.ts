import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { EXIT } from '../../spec/exit-codes.ts';
import { writtenColumns } from '../../spec/mask.ts';
import { Lanes } from '../adapters/duckdb/lanes.ts';
import type { Outcome, StepContext, StepFunction, Work } from '../context.ts';
import { badData, configuration, StepError } from '../errors.ts';
import { keepHeapSmall, keepYoungObjectsFew } from '../flat-memory.ts';
import type { ExtractDetails, PublishedFile, UploadDetails } from '../receipt.ts';
import { landedPages } from './landed-pages.ts';
import { refuseUnusable } from './upload/constants.ts';
import { inspectFields } from './upload/fields/inspect.ts';
import { rememberFields } from './upload/fields/memory.ts';
import { engineFor } from './upload/groups.ts';
import { refuseBadRows, refuseDuplicates } from './upload/limits.ts';
import { PreparedGroups } from './upload/prepared-groups.ts';
import { openRowMaker } from './upload/row-maker.ts';
import { parentExpressions } from './upload/source-path.ts';
import { type StagedRows, Staging } from './upload/staging.ts';

/**
 * From landed pages to typed files, partition by partition: picks the records, casts, applies the row rules, sets
 * aside what breaks one, removes duplicates by key. Details of its receipt: `UploadDetails`.
 */
export const upload: StepFunction = async (context, work, report) => {
  keepYoungObjectsFew();
  keepHeapSmall();
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
  published: readonly PublishedFile[];
  quarantine: PublishedFile | null;
  columns?: UploadDetails['columns'];
  fields?: UploadDetails['fields'];
}

const NOTHING: StagedRows = {
  quarantined: 0,
  duplicates: 0,
  keyless: 0,
  reasons: [],
  filtered: 0,
  expanded: 0,
};

async function uploadPartition(
  context: StepContext,
  partition: string,
  landed: ExtractDetails,
  folder: string,
): Promise<Uploaded> {
  const { job, store } = context;
  const columns = job.columns ?? [];
  if (columns.length === 0) throw configuration(`upload needs columns, and ${job.pipeline} has none`);
  refuseUnusable(job, columns);
  const forEach = job.extract?.for_each;
  const pages = await landedPages(store, landed, forEach, parentExpressions(job, columns));
  const received = pages.reduce((sum, page) => sum + page.records, 0);
  if (pages.length === 0) return { received, ...NOTHING, published: [], quarantine: null };
  const transform = await openRowMaker(context, partition);
  const { signal, log } = context;
  await using groups = new PreparedGroups(context, { pages, transform, folder });
  using lanes = await Lanes.open({ scratch: folder, signal, log, ...engineFor(pages) }, groups.all.length);
  const fields = await inspectFields(context, lanes.first, partition, pages, folder);
  const all = [...columns, ...fields.added];
  const staging = await Staging.read(context, lanes, { partition, pages, columns: all, groups, folder });
  const staged = await staging.count();
  const rows = received - staged.filtered + staged.expanded;
  const kept = staged.quarantined > 0 && job.contract.bad_rows !== 'discard';
  const quarantine = kept ? await staging.writeQuarantine() : null;
  if (staged.quarantined > 0) {
    // Written first, so that a person can look at what made the step fail.
    const aside =
      quarantine === null
        ? 'None is kept (bad_rows: discard)'
        : `All of them are in ${store.location}/${quarantine.name}`;
    await refuseBadRows(job.contract, staged, rows, aside, () => staging.samples());
  }
  refuseDuplicates(job.key, staged.duplicates, rows);
  const good = rows - staged.quarantined - staged.duplicates;
  const published = await staging.writePublished();
  const written = published.reduce((sum, file) => sum + file.rows, 0);
  if (written !== good || (quarantine?.rows ?? 0) !== (kept ? staged.quarantined : 0)) {
    throw new StepError(
      EXIT.defect,
      `the rows of ${partition} do not add up: received ${received}, published ${written}, quarantined ${quarantine?.rows ?? 0}, duplicates ${staged.duplicates}`,
    );
  }
  await rememberFields(store, job.pipeline, context.identity.run, fields.before, fields.found);
  return { received, ...staged, published, quarantine, columns: writtenColumns(all), fields: fields.report };
}

function outcome(
  context: StepContext,
  partition: string,
  landed: ExtractDetails,
  uploaded: Uploaded,
): Outcome {
  const { received, quarantined, duplicates, published, filtered, expanded } = uploaded;
  const kept = published.reduce((sum, file) => sum + file.rows, 0);
  const aside = context.job.contract.bad_rows === 'discard' ? 'discarded' : 'quarantined';
  const transformed =
    filtered + expanded === 0 ? '' : `, ${filtered} left out and ${expanded} added by the transform`;
  const counts = `published ${kept} of ${received} rows of ${partition}, ${quarantined} ${aside}, ${duplicates} duplicates${transformed}`;
  const details: UploadDetails = {
    extracted_at: landed.extracted_at,
    ...(uploaded.columns === undefined ? {} : { columns: uploaded.columns }),
    ...(uploaded.fields === undefined ? {} : { fields: uploaded.fields }),
    files: [...published],
    quarantine: uploaded.quarantine,
    reasons: uploaded.reasons,
    keyless: uploaded.keyless,
    total: landed.total,
  };
  const rows = {
    received,
    published: kept,
    quarantined,
    duplicates,
    filtered,
    ...(expanded === 0 ? {} : { expanded }),
  };
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
