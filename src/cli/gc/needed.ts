import { finishedSteps } from '../../runtime/group-receipts.ts';
import type { Receipt } from '../../runtime/receipt.ts';
import type { Step } from '../../spec/steps.ts';
import type { StoredRun } from './runs.ts';

/**
 * The runs of a partition that nothing needs: nobody has written to them since `before`, and no step of theirs is
 * the newest that is done, which is what `--from` and `--only` work on. One that was killed is like any other.
 */
export function unneededRuns(runs: readonly StoredRun[], before: Date): StoredRun[] {
  const newest = new Map<Step, StoredRun>();
  for (const run of [...runs].sort((a, b) => began(a) - began(b))) {
    for (const step of finishedSteps(run.receipts.map(({ receipt }) => receipt))) newest.set(step, run);
  }
  const needed = new Set(newest.values());
  return runs.filter((run) => !needed.has(run) && lastWritten(run) < before.getTime());
}

/** Published and quarantined files and artefacts of dbt that a receipt names, wherever in it. */
export function filesOf(receipt: Receipt): string[] {
  const found: string[] = [];
  const look = (value: unknown): void => {
    if (typeof value === 'string') {
      if (/^(published|quarantine|artefacts)\//.test(value)) found.push(value);
    } else if (typeof value === 'object' && value !== null) {
      for (const one of Object.values(value)) look(one);
    }
  };
  look(receipt.details);
  return found;
}

function began({ receipts }: StoredRun): number {
  return Math.min(...receipts.map(({ receipt }) => Date.parse(receipt.started_at)));
}

function lastWritten({ receipts }: StoredRun): number {
  return Math.max(
    ...receipts.flatMap(({ object, receipt }) => [
      object.updated.getTime(),
      Date.parse(receipt.finished_at ?? receipt.started_at),
    ]),
  );
}
