import { isDeepStrictEqual } from 'node:util';
import { runHash } from '../../runtime/identity.ts';
import { ownObject } from '../../runtime/object-names.ts';
import type { ObjectStore } from '../../runtime/ports/object-store.ts';
import type { Receipt } from '../../runtime/receipt.ts';
import { inParallel } from '../../runtime/steps/extract/in-parallel.ts';
import { STEPS } from '../../spec/steps.ts';

export interface RunFilter {
  readonly pipeline?: string | undefined;
  readonly date?: string | undefined;
  /** Hash of a run, four or more of its first digits, or the run's id in Airflow. */
  readonly id?: string | undefined;
  /** The latest so many; all of them without it. */
  readonly limit?: number | undefined;
}

/** A run of a partition, as its receipts tell. */
export interface FoundRun {
  readonly pipeline: string;
  readonly partition: string;
  readonly run: string;
  /** In the order of the steps; those that can be read. */
  readonly receipts: readonly Receipt[];
}

export interface FoundRuns {
  /** The latest first; those of one moment by pipeline and partition. */
  readonly runs: readonly FoundRun[];
  /** How many more there are beyond the limit. */
  readonly more: number;
  /** Names of receipts that can't be read. */
  readonly broken: readonly string[];
}

interface Group {
  readonly pipeline: string;
  readonly partition: string;
  readonly run: string;
  readonly names: string[];
  updated: number;
}

/** Requests to a store at the same time. */
const AT_A_TIME = 16;

/** What ran, from the receipts alone. Reads only those that are shown, and writes nothing. */
export async function readRuns(store: ObjectStore, filter: RunFilter): Promise<FoundRuns> {
  const groups = await listRuns(store, filter);
  const shown = groups.slice(0, filter.limit);
  const broken: string[] = [];
  const never = new AbortController().signal;
  const runs = await inParallel(shown, AT_A_TIME, never, async ({ pipeline, partition, run, names }) => {
    const receipts: Receipt[] = [];
    for (const name of names) {
      const bytes = await store.read(name);
      // Gone meanwhile: cleared up.
      if (bytes === undefined) continue;
      const receipt = parse(bytes, { pipeline, partition, run });
      if (receipt === undefined) broken.push(name);
      else receipts.push(receipt);
    }
    receipts.sort((a, b) => STEPS.indexOf(a.step) - STEPS.indexOf(b.step));
    return { pipeline, partition, run, receipts };
  });
  return { runs, more: groups.length - shown.length, broken: broken.sort() };
}

async function listRuns(store: ObjectStore, { pipeline, date, id }: RunFilter): Promise<Group[]> {
  const groups = new Map<string, Group>();
  const prefix = `receipts/${pipeline === undefined ? '' : `${pipeline}/${date === undefined ? '' : `${date}/`}`}`;
  for await (const { name, updated } of store.list(prefix)) {
    const own = ownObject(name);
    if (own === undefined || own.run === null || (date !== undefined && own.partition !== date)) continue;
    if (id !== undefined && !isCalled(id, own.pipeline, own.run)) continue;
    const key = `${own.pipeline}/${own.partition}/${own.run}`;
    const group = groups.get(key) ?? { ...own, run: own.run, names: [], updated: 0 };
    group.names.push(name);
    group.updated = Math.max(group.updated, updated.getTime());
    groups.set(key, group);
  }
  // Stable: what is as young stays in the order of its name.
  return [...groups.values()].sort((a, b) => b.updated - a.updated);
}

function isCalled(id: string, pipeline: string, run: string): boolean {
  return (/^[0-9a-f]{4,12}$/.test(id) && run.startsWith(id)) || run === runHash(pipeline, id);
}

/** Undefined for what is no receipt, and for one that belongs elsewhere. */
function parse(
  bytes: Uint8Array,
  place: Pick<Receipt, 'pipeline' | 'partition' | 'run'>,
): Receipt | undefined {
  let receipt: Receipt;
  try {
    receipt = JSON.parse(Buffer.from(bytes).toString('utf8')) as Receipt;
    const { version, started_at, step, rows } = receipt;
    if (version !== 1 || Number.isNaN(Date.parse(started_at)) || !STEPS.includes(step)) return undefined;
    if (typeof rows?.loaded !== 'number') return undefined;
  } catch {
    return undefined;
  }
  const { pipeline, partition, run } = receipt;
  return isDeepStrictEqual({ pipeline, partition, run }, { ...place }) ? receipt : undefined;
}
