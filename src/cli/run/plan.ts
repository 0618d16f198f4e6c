import type { Receipt } from '../../runtime/receipt.ts';
import { EXIT } from '../../spec/exit-codes.ts';
import type { Job } from '../../spec/job.ts';
import { milliseconds } from '../../spec/quantities.ts';
import type { Step } from '../../spec/steps.ts';

/** Run ids of the command line begin so; others are Airflow's. */
const PREFIX = 'cli__';

export interface RunOptions {
  readonly from?: Step | undefined;
  readonly only?: Step | undefined;
  readonly fresh?: boolean | undefined;
}

/** Which run a partition belongs to, and what of it is to be done. */
export interface RunPlan {
  readonly dagId: string;
  readonly runId: string;
  readonly steps: readonly Step[];
  /** Steps whose receipts of that run are taken as they are. */
  readonly kept: readonly Receipt[];
  /** Why an earlier run is taken up, for people; undefined for a new one. */
  readonly note?: string;
  /** Take the receipt of the step before although the pipeline has changed since. */
  readonly replay: boolean;
}

/** All receipts of one run of a partition, by step. */
export type RunReceipts = ReadonlyMap<Step, Receipt>;

/**
 * An unfinished run is continued while what it extracted is fresh and the pipeline is the same; a finished one, or
 * one that ended on bad data, is followed by a new one. `--from` and `--only` work on the latest run that has what
 * they need. A string says why there is nothing to work on.
 */
export function planRun(
  job: Job,
  hash: string,
  runs: readonly RunReceipts[],
  options: RunOptions,
  now: Date,
  fresh: string,
): RunPlan | string {
  const steps = chosen(job.steps, options);
  const first = steps[0];
  if (first === undefined)
    return `the pipeline has no step ${options.from ?? options.only}: it has ${job.steps.join(', ')}`;
  const before = job.steps[job.steps.indexOf(first) - 1];
  const latest = [...runs].sort((a, b) => started(b).localeCompare(started(a)));
  const asked = options.from !== undefined || options.only !== undefined;
  if (asked && before !== undefined) {
    // A run that had nothing to load says nothing of what the table holds.
    const base =
      (first === 'check' ? latest.find((run) => run.get(before)?.status === 'done') : undefined) ??
      latest.find((run) => isDone(run.get(before)));
    if (base === undefined)
      return `no run of this partition has finished ${before}, which ${first} needs: run without --from or --only`;
    return { ...identity(base, job), steps, kept: [], note: 'on what the latest run left', replay: true };
  }
  const fallback = { dagId: job.pipeline, runId: `${PREFIX}${fresh}`, steps, kept: [], replay: false };
  if (asked || options.fresh === true) return fallback;
  const last = latest.find((run) => [...run.values()].some((receipt) => receipt.run_id.startsWith(PREFIX)));
  if (last === undefined) return fallback;
  const kept = job.steps.map((step) => last.get(step)).filter(isDone);
  const open = job.steps.filter((step) => !isDone(last.get(step)));
  if (open.length === 0 || !worthContinuing([...last.values()], job, hash, now)) return fallback;
  return {
    ...identity(last, job),
    steps: open,
    kept,
    note: 'continues the run that did not finish',
    replay: false,
  };
}

function chosen(all: readonly Step[], { from, only }: RunOptions): readonly Step[] {
  if (only !== undefined) return all.filter((step) => step === only);
  if (from === undefined) return all;
  return all.includes(from) ? all.slice(all.indexOf(from)) : [];
}

function worthContinuing(receipts: readonly Receipt[], job: Job, hash: string, now: Date): boolean {
  if (receipts.some((receipt) => receipt.job !== hash)) return false;
  // Bad data does not get better by looking again: it is extracted anew.
  if (receipts.some((receipt) => receipt.status === 'failed' && receipt.exit === EXIT.badData)) return false;
  const age = now.getTime() - Math.min(...receipts.map((receipt) => Date.parse(receipt.started_at)));
  return age < milliseconds(job.extract?.resume_within ?? '1h');
}

function isDone(receipt: Receipt | undefined): receipt is Receipt {
  return receipt?.status === 'done' || receipt?.status === 'skipped';
}

function started(run: RunReceipts): string {
  return [...run.values()].map((receipt) => receipt.started_at).sort()[0] ?? '';
}

function identity(run: RunReceipts, job: Job): { dagId: string; runId: string } {
  const [receipt] = run.values();
  return { dagId: job.pipeline, runId: receipt?.run_id ?? '' };
}
