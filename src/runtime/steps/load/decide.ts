import { configuration } from '../../errors.ts';
import type { LoadRecord } from '../../ports/warehouse.ts';

export interface LoadWishes {
  /** `--force`: load what is loaded already, and what is older. */
  readonly force: boolean;
  /** The table has not the rows that its newest load put there, so the same files are loaded again. */
  readonly damaged: boolean;
}

/**
 * Whether a load must still be done, by the loads that are committed (the oldest first): false where the newest of
 * them is of the same files. An attempt whose extraction began before that of a committed load is refused, since
 * it woke up too late: a configuration error, as only a person can want it (`--force`).
 */
export function mustLoad(
  load: LoadRecord,
  committed: readonly LoadRecord[],
  { force, damaged }: LoadWishes,
): boolean {
  if (committed.some(({ loadId }) => loadId === load.loadId)) return false;
  if (force) return true;
  const newest = committed.at(-1);
  if (newest !== undefined && sameFiles(newest, load) && !damaged) return false;
  const later = committed.find((one) => Date.parse(one.extractedAt) > Date.parse(load.extractedAt));
  if (later === undefined) return true;
  throw configuration(
    `${load.table} holds a newer extraction of ${load.partition}: run ${later.runId} began to extract at ${later.extractedAt}, ` +
      `this one at ${load.extractedAt}. Extract again, or load the older data with --force`,
  );
}

function sameFiles(one: LoadRecord, other: LoadRecord): boolean {
  return (
    one.files.length === other.files.length && one.files.every((file, index) => file === other.files[index])
  );
}
