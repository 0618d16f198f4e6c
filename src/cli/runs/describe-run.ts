import { lastGroups, oneOfEachStep } from '../../runtime/group-receipts.ts';
import type { DbtDetails, LoadDetails, Receipt, Rows } from '../../runtime/receipt.ts';
import { NO_ROWS } from '../../runtime/receipt.ts';
import type { SliceGroup } from '../../spec/slice-group.ts';
import type { Step } from '../../spec/steps.ts';
import type { FoundRun } from './read-runs.ts';

/** `unfinished`: what is there is done, and a later step has not begun. */
export type RunStatus = Receipt['status'] | 'unfinished' | 'unknown';

export interface DescribedStep {
  readonly step: Step;
  readonly status: Receipt['status'];
  readonly exit: number | null;
  readonly try_number: number;
  readonly started_at: string;
  /** Null while it runs. */
  readonly finished_at: string | null;
  readonly seconds: number | null;
  readonly requests: number;
  readonly rows: Rows;
  readonly message: string;
  readonly load_id?: string;
  readonly artefacts?: DbtDetails['artefacts'];
  /** Of an extract whose slices several containers share: what each of them did, in their order. */
  readonly groups?: readonly DescribedGroup[];
}

export interface DescribedGroup extends DescribedStep {
  readonly group: SliceGroup;
}

export interface DescribedRun {
  readonly pipeline: string;
  readonly partition: string;
  readonly run: string;
  /** Null where no receipt can be read. */
  readonly run_id: string | null;
  readonly status: RunStatus;
  readonly started_at: string | null;
  /** Of the steps, without the time between them. */
  readonly seconds: number;
  readonly requests: number;
  /** As the last step that counted them left them. */
  readonly rows: Rows;
  readonly steps: readonly DescribedStep[];
}

/** @param expected the steps that the pipeline has today; undefined where the spec has no such pipeline */
export function describeRun(
  { pipeline, partition, run, receipts }: FoundRun,
  expected: readonly Step[] | undefined,
): DescribedRun {
  const whole = oneOfEachStep(receipts);
  const steps = whole.map((receipt) => ({ ...describeStep(receipt), ...groupsOf(receipt, receipts) }));
  const first = [...receipts].sort((a, b) => a.started_at.localeCompare(b.started_at))[0];
  const sum = (of: (step: DescribedStep) => number) => steps.reduce((total, step) => total + of(step), 0);
  return {
    pipeline,
    partition,
    run,
    run_id: first?.run_id ?? null,
    status: statusOf(whole, expected),
    started_at: first?.started_at ?? null,
    seconds: Math.round(sum(({ seconds }) => seconds ?? 0) * 1000) / 1000,
    requests: sum(({ requests }) => requests),
    rows: whole.findLast(({ rows }) => Object.values(rows).some((count) => count > 0))?.rows ?? {
      ...NO_ROWS,
    },
    steps,
  };
}

function statusOf(receipts: readonly Receipt[], expected: readonly Step[] | undefined): RunStatus {
  for (const status of ['failed', 'running'] as const) {
    if (receipts.some((receipt) => receipt.status === status)) return status;
  }
  const last = receipts.at(-1);
  if (last === undefined) return 'unknown';
  if (last.status === 'skipped') return 'skipped';
  const end = expected?.at(-1);
  return end === undefined || last.step === end ? 'done' : 'unfinished';
}

/** The groups that belong to a step as it is told of, which has no group itself. */
function groupsOf({ step }: Receipt, receipts: readonly Receipt[]): Pick<DescribedStep, 'groups'> {
  const extracts = step === 'extract' ? receipts.filter((one) => one.step === 'extract') : [];
  const of = lastGroups(extracts);
  if (of === undefined) return {};
  const groups = extracts.flatMap((one) =>
    one.group?.of === of ? [{ ...describeStep(one), group: one.group }] : [],
  );
  return { groups: groups.sort((a, b) => a.group.number - b.group.number) };
}

function describeStep(receipt: Receipt): DescribedStep {
  const { step, status, exit, try_number, started_at, finished_at, requests, rows, message, details } =
    receipt;
  const loaded = step === 'load' ? (details as Partial<LoadDetails> | undefined)?.load_id : undefined;
  const artefacts = step === 'dbt' ? (details as Partial<DbtDetails> | undefined)?.artefacts : undefined;
  return {
    step,
    status,
    exit: exit ?? null,
    try_number,
    started_at,
    finished_at: finished_at ?? null,
    seconds: finished_at === undefined ? null : (Date.parse(finished_at) - Date.parse(started_at)) / 1000,
    requests,
    rows,
    message,
    ...(loaded === undefined ? {} : { load_id: loaded }),
    ...(artefacts === undefined ? {} : { artefacts }),
  };
}
