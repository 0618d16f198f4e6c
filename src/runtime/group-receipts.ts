import type { SliceGroup } from '../spec/slice-group.ts';
import { groupsOf } from '../spec/slice-group.ts';
import type { Step } from '../spec/steps.ts';
import { ownObject } from './object-names.ts';
import type { ObjectStore } from './ports/object-store.ts';
import type { ExtractDetails, Receipt } from './receipt.ts';
import { readReceipt, requirePrevious } from './receipts.ts';

/** The group in words, with the place that Airflow shows it at. */
export function groupInWords({ number, of }: SliceGroup): string {
  return `extract [${number - 1}] (group ${number} of ${of})`;
}

/**
 * Every receipt of the extract of a run, of the whole or of groups of its slices: what it is today, and what it was
 * before the number of groups was changed.
 */
export async function readExtractReceipts(
  store: ObjectStore,
  pipeline: string,
  partition: string,
  run: string,
): Promise<Receipt[]> {
  const receipts: Receipt[] = [];
  for await (const { name } of store.list(`receipts/${pipeline}/${partition}/${run}/extract`)) {
    const group = ownObject(name)?.group;
    const receipt = await readReceipt(store, pipeline, partition, run, 'extract', group);
    if (receipt !== undefined) receipts.push(receipt);
  }
  return receipts;
}

/**
 * Receipts of one run and partition with one for each step, where the groups of an extract have one each: of those
 * that were begun last, as many as belong together.
 */
export function oneOfEachStep(receipts: readonly Receipt[]): Receipt[] {
  const extracts = receipts.filter(({ step }) => step === 'extract');
  const newest = lastBegun(extracts);
  if (newest === undefined) return [...receipts];
  const others = receipts.filter(({ step }) => step !== 'extract');
  return [newest.group === undefined ? newest : mergeGroups(extracts, newest.group.of), ...others];
}

/** The steps of a run that are through: an extract in groups with each of them. */
export function finishedSteps(receipts: readonly Receipt[]): Step[] {
  const groups = lastGroups(receipts.filter(({ step }) => step === 'extract'));
  const each = Map.groupBy(receipts, ({ step }) => step);
  return [...each].flatMap(([step, ones]) => {
    const shared = step === 'extract' && groups !== undefined;
    const status = shared ? statusOf(groupsIn(ones, groups), groups) : lastBegun(ones)?.status;
    return status === 'done' || status === 'skipped' ? [step] : [];
  });
}

/** The groups that an extract ran as when it last did; undefined where one container read all slices. */
export function lastGroups(extracts: readonly Receipt[]): number | undefined {
  return lastBegun(extracts)?.group?.of;
}

/** Of the groups of an extract one receipt, if the step after it may build on each of them. */
export function requireGroups(
  extracts: readonly Receipt[],
  of: number,
  job: string,
  replay: boolean,
): Receipt {
  for (const group of groupsOf(of)) {
    requirePrevious(receiptOf(extracts, group), groupInWords(group), job, replay);
  }
  return mergeGroups(extracts, of);
}

function lastBegun(extracts: readonly Receipt[]): Receipt | undefined {
  return extracts.toSorted((a, b) => a.started_at.localeCompare(b.started_at)).at(-1);
}

function receiptOf(extracts: readonly Receipt[], { number, of }: SliceGroup): Receipt | undefined {
  return extracts.find(({ group }) => group?.number === number && group.of === of);
}

/** What one container would have said that read the slices of all of them; `running` while a group has no receipt. */
function mergeGroups(extracts: readonly Receipt[], of: number): Receipt {
  const groups = groupsIn(extracts, of);
  const [first] = groups;
  if (first === undefined) throw new Error(`there is no receipt of any of ${of} groups`);
  const { group: _, details: __, finished_at: ___, exit: ____, ...common } = first;
  const status = statusOf(groups, of);
  const merged = { ...common, ...sums(first, groups), status };
  if (status === 'running') return { ...merged, message: '' };
  const finished_at =
    groups
      .map((one) => one.finished_at ?? '')
      .sort()
      .at(-1) ?? '';
  const failed = groups.find((one) => one.status === 'failed');
  if (failed?.group !== undefined) {
    const message = `${groupInWords(failed.group)}: ${failed.message}`;
    return { ...merged, finished_at, ...(failed.exit === undefined ? {} : { exit: failed.exit }), message };
  }
  const details = mergeDetails(
    groups.flatMap((one) => (one.details === undefined ? [] : [one.details as ExtractDetails])),
  );
  const landed = `${details.records} records of ${first.partition} landed by ${of} groups, by ${merged.requests} requests`;
  const message = status === 'skipped' ? first.message : landed;
  return { ...merged, finished_at, exit: 0, message, details };
}

function groupsIn(extracts: readonly Receipt[], of: number): Receipt[] {
  return groupsOf(of).flatMap((group) => receiptOf(extracts, group) ?? []);
}

function statusOf(groups: readonly Receipt[], of: number): Receipt['status'] {
  if (groups.some(({ status }) => status === 'failed')) return 'failed';
  if (groups.length < of || groups.some(({ status }) => status === 'running')) return 'running';
  return groups.every(({ status }) => status === 'skipped') ? 'skipped' : 'done';
}

function sums(
  first: Receipt,
  groups: readonly Receipt[],
): Pick<Receipt, 'generation' | 'try_number' | 'started_at' | 'requests' | 'rows'> {
  const sum = (of: (receipt: Receipt) => number) => groups.reduce((all, one) => all + of(one), 0);
  const most = (of: (receipt: Receipt) => number) => Math.max(...groups.map(of));
  return {
    // Each group's pages have a place by its own generation, which its receipt names page by page.
    generation: most(({ generation }) => generation),
    try_number: most(({ try_number }) => try_number),
    started_at: groups.map(({ started_at }) => started_at).sort()[0] ?? '',
    requests: sum(({ requests }) => requests),
    rows: { ...first.rows, received: sum(({ rows }) => rows.received) },
  };
}

/** In the order of the groups, which is that of the slices. */
function mergeDetails(details: readonly ExtractDetails[]): ExtractDetails {
  const totals = details.map(({ total }) => total);
  return {
    // Attempts at a partition are ordered by the age of their data: the oldest counts.
    extracted_at: details.map(({ extracted_at }) => extracted_at).sort()[0] ?? '',
    slices: details.flatMap(({ slices }) => slices),
    records: details.reduce((sum, { records }) => sum + records, 0),
    total: totals.includes(null) ? null : totals.reduce<number>((sum, total) => sum + (total ?? 0), 0),
  };
}
