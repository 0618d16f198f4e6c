import { type OwnObject, ownObject } from '../../runtime/object-names.ts';
import type { ObjectStore, StoredObject } from '../../runtime/ports/object-store.ts';
import { inParallel } from '../../runtime/steps/extract/in-parallel.ts';
import { filesOf, unneededRuns } from './needed.ts';
import { AT_A_TIME, readRuns, type StoredRun } from './runs.ts';

export type Kind = OwnObject['kind'] | 'unfinished';

export interface Removed {
  readonly kind: Kind;
  /** Null for what killed writers have left. */
  readonly pipeline: string | null;
  readonly name: string;
  /** Bytes. */
  readonly size: number;
}

export interface Garbage {
  readonly removed: readonly Removed[];
  /** Partitions that were left alone, by the receipt that can't be read. */
  readonly broken: readonly string[];
  /** Objects below pipegen's folders whose names are not pipegen's: never touched. */
  readonly foreign: number;
}

export interface GarbageOptions {
  /** What was written since then stays. */
  readonly before: Date;
  readonly now: Date;
  readonly dryRun: boolean;
}

/** Milliseconds; no writer is at work on a file for so long. */
const ABANDONED = 86_400_000;
/** Objects that are held before they are removed together. */
const BATCH = 256;

/**
 * Removes from a store what nothing needs any more. Safe while pipelines run: a step writes its receipt before
 * anything else and renews what it finds, what is young stays, and what has changed since it was listed stays too.
 * Receipts go before what they name, so that after a kill none names what is gone.
 */
export async function collectGarbage(store: ObjectStore, options: GarbageOptions): Promise<Garbage> {
  const { before, now, dryRun } = options;
  const needed = new Needed(before);
  const removed: Removed[] = [];
  const broken: string[] = [];
  for (const { pipeline, partition, runs, broken: name } of await readRuns(store)) {
    if (name !== undefined) {
      needed.keepPartition(pipeline, partition);
      broken.push(name);
      continue;
    }
    const unneeded = new Set(unneededRuns(runs, before));
    for (const run of runs) {
      if (unneeded.has(run) && (dryRun || (await removeReceipts(store, run)))) {
        removed.push(...run.receipts.map(({ object }) => describe('receipts', pipeline, object)));
      } else {
        needed.keepRun(pipeline, partition, run);
      }
    }
  }

  let foreign = 0;
  for (const folder of ['landing/', 'published/', 'quarantine/', 'artefacts/']) {
    let batch: Candidate[] = [];
    const removeBatch = async () => {
      removed.push(
        ...(dryRun ? batch : await removeAll(store, batch)).map(({ own, object }) =>
          describe(own.kind, own.pipeline, object),
        ),
      );
      batch = [];
    };
    for await (const object of store.list(folder)) {
      const own = ownObject(object.name);
      if (own === undefined) foreign++;
      else if (!needed.has(own, object)) batch.push({ own, object });
      if (batch.length === BATCH) await removeBatch();
    }
    await removeBatch();
  }

  for await (const object of store.unfinished()) {
    if (now.getTime() - object.updated.getTime() < ABANDONED) continue;
    if (!dryRun) await object.discard();
    removed.push(describe('unfinished', null, object));
  }
  return { removed, broken, foreign };
}

interface Candidate {
  readonly own: OwnObject;
  readonly object: StoredObject;
}

/** What stays, by its name and its age. */
class Needed {
  readonly #before: Date;
  readonly #partitions = new Set<string>();
  readonly #runs = new Set<string>();
  readonly #files = new Set<string>();

  constructor(before: Date) {
    this.#before = before;
  }

  keepPartition(pipeline: string, partition: string): void {
    this.#partitions.add(`${pipeline}/${partition}`);
  }

  keepRun(pipeline: string, partition: string, { run, receipts }: StoredRun): void {
    this.#runs.add(`${pipeline}/${partition}/${run}`);
    for (const { receipt } of receipts) for (const file of filesOf(receipt)) this.#files.add(file);
  }

  has({ pipeline, partition, run }: OwnObject, { name, updated }: StoredObject): boolean {
    const key = `${pipeline}/${partition}`;
    if (updated >= this.#before || this.#partitions.has(key)) return true;
    return this.#files.has(name) || (run !== null && this.#runs.has(`${key}/${run}`));
  }
}

/** Those that were removed: not what has been written or renewed since it was listed. */
async function removeAll(store: ObjectStore, candidates: readonly Candidate[]): Promise<Candidate[]> {
  const never = new AbortController().signal;
  const gone = await inParallel(candidates, AT_A_TIME, never, ({ object }) => store.removeUnchanged(object));
  return candidates.filter((_, index) => gone[index]);
}

function describe(
  kind: Kind,
  pipeline: string | null,
  { name, size }: Pick<StoredObject, 'name' | 'size'>,
): Removed {
  return { kind, pipeline, name, size };
}

/** False where somebody has taken the run up again meanwhile: then it is left with what it has. */
async function removeReceipts(store: ObjectStore, { receipts }: StoredRun): Promise<boolean> {
  for (const { object } of receipts) if (!(await store.removeUnchanged(object))) return false;
  return true;
}
