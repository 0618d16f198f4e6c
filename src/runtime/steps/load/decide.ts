import { configuration } from '../../errors.ts';
import type { LoadMode, LoadRecord } from '../../ports/warehouse.ts';

export interface LoadWishes {
  readonly mode: LoadMode['kind'];
  /** `--force`: load what is loaded already, and what is older. */
  readonly force: boolean;
  /** The table has not the rows that its newest load put there, so the same files are loaded again. */
  readonly damaged: boolean;
}

/**
 * Whether a load must still be done, by the loads that are committed (the oldest first; `replace`: of the whole table):
 * false where the newest of them is of the same files and the same extraction. An attempt whose extraction began before
 * that of a committed load is refused, since it woke up too late, and so is, with `replace`, an earlier partition than
 * one that was loaded: a configuration error, as only a person can want it (`--force`).
 */
export function mustLoad(
  load: LoadRecord,
  committed: readonly LoadRecord[],
  { mode, force, damaged }: LoadWishes,
): boolean {
  if (committed.some(({ loadId }) => loadId === load.loadId)) return false;
  if (force) return true;
  const newest = committed.at(-1);
  // The same files of another extraction, such as none at all, are judged by their age: their record keeps out what is older.
  if (newest !== undefined && sameFiles(newest, load) && sameExtraction(newest, load) && !damaged)
    return false;
  const later = committed.find((one) => isLater(one, load));
  if (later === undefined) return true;
  if (mode === 'replace' && later.partition !== load.partition) {
    throw configuration(
      `${load.table} is replaced whole and holds ${later.partition} already (run ${later.runId}): ` +
        `${load.partition} is older. Load the older data with --force if you want it back`,
    );
  }
  throw configuration(
    `${load.table} holds a newer extraction of ${load.partition}: run ${later.runId} began to extract at ${later.extractedAt}, ` +
      `this one at ${load.extractedAt}. Extract again, or load the older data with --force`,
  );
}

/** The partition counts where the loads are of a whole table; within one partition, when the extraction began. */
function isLater(one: LoadRecord, other: LoadRecord): boolean {
  if (one.partition !== other.partition) return one.partition > other.partition;
  return Date.parse(one.extractedAt) > Date.parse(other.extractedAt);
}

function sameExtraction(one: LoadRecord, other: LoadRecord): boolean {
  return Date.parse(one.extractedAt) === Date.parse(other.extractedAt);
}

function sameFiles(one: LoadRecord, other: LoadRecord): boolean {
  return (
    one.partition === other.partition &&
    one.files.length === other.files.length &&
    one.files.every((file, index) => file === other.files[index])
  );
}
