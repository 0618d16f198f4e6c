import { runHash } from '../../runtime/identity.ts';
import type { ObjectStore } from '../../runtime/ports/object-store.ts';
import type { Receipt } from '../../runtime/receipt.ts';
import { NO_ROWS } from '../../runtime/receipt.ts';
import { readReceipt } from '../../runtime/receipts.ts';
import { EXIT } from '../../spec/exit-codes.ts';
import type { Job } from '../../spec/job.ts';
import type { Step } from '../../spec/steps.ts';
import type { RunPlan } from './plan.ts';
import type { Progress } from './progress.ts';
import type { PartitionResult, StepOutcome } from './result.ts';
import { type LogEvent, startStep } from './start-step.ts';

export interface PartitionInput {
  readonly job: Job;
  /** As the container would get it. */
  readonly jobText: string;
  readonly partition: string;
  readonly plan: RunPlan;
  readonly store: ObjectStore;
  readonly home: string;
  readonly force: boolean;
  readonly progress: Progress;
  /** Further ones of the steps' environment. */
  readonly variables: Readonly<Record<string, string>>;
}

/** The planned steps of one partition, one after the other, up to the first that fails or has nothing to do. */
export async function runPartition(input: PartitionInput): Promise<PartitionResult> {
  const { job, partition, plan, progress } = input;
  const steps: StepOutcome[] = [];
  progress.partition(partition, plan.note);
  for (const receipt of plan.kept) {
    const outcome = outcomeOf(receipt.step, 'kept', receipt, receipt.exit ?? 0, seconds(receipt), undefined);
    steps.push(outcome);
    progress.done(outcome);
  }
  let over: 'failed' | 'skipped' | undefined;
  for (const step of plan.steps) {
    if (over !== undefined) {
      const status = over === 'failed' ? 'not_run' : 'skipped';
      steps.push(
        outcomeOf(
          step,
          status,
          undefined,
          null,
          0,
          over === 'failed' ? 'a step before it failed' : 'nothing to do',
        ),
      );
      continue;
    }
    const outcome = await runOne(input, step);
    steps.push(outcome);
    progress.done(outcome);
    if (outcome.status === 'failed' || outcome.status === 'skipped') over = outcome.status;
  }
  return {
    partition,
    run_id: plan.runId,
    steps: job.steps.flatMap((name) => steps.filter(({ step }) => step === name)),
  };
}

async function runOne(input: PartitionInput, step: Step): Promise<StepOutcome> {
  const { job, partition, plan, store, progress } = input;
  const began = performance.now();
  let failure: LogEvent | undefined;
  const replay = plan.replay && step === plan.steps[0];
  const exit = await startStep(step, environmentOf(input, step, replay), (event) => {
    if (event.event === 'step_failed') failure = event;
    progress.event(step, event);
  });
  const status = exit === EXIT.done ? 'done' : exit === EXIT.nothing ? 'skipped' : 'failed';
  const receipt = await readReceipt(store, job.pipeline, partition, runHash(plan.dagId, plan.runId), step);
  const message =
    status === 'failed' ? (failure?.msg ?? `the process ended with ${exit} and said nothing`) : undefined;
  return outcomeOf(step, status, receipt, exit, (performance.now() - began) / 1000, message);
}

function environmentOf(input: PartitionInput, step: Step, replay: boolean): NodeJS.ProcessEnv {
  return {
    ...process.env,
    ...input.variables,
    PIPEGEN_HOME: input.home,
    PIPEGEN_PARTITIONS: input.partition,
    PIPEGEN_DAG_ID: input.plan.dagId,
    PIPEGEN_TASK_ID: step,
    PIPEGEN_RUN_ID: input.plan.runId,
    PIPEGEN_TRY_NUMBER: '1',
    PIPEGEN_MAX_TRIES: '',
    PIPEGEN_FORCE: input.force ? '1' : '',
    PIPEGEN_REPLAY: replay ? '1' : '',
    PIPEGEN_JOB: input.jobText,
  };
}

function outcomeOf(
  step: Step,
  status: StepOutcome['status'],
  receipt: Receipt | undefined,
  exit: number | null,
  took: number,
  message: string | undefined,
): StepOutcome {
  return {
    step,
    status,
    exit,
    rows: receipt?.rows ?? { ...NO_ROWS },
    requests: receipt?.requests ?? 0,
    seconds: Math.round(took * 1000) / 1000,
    message: message ?? receipt?.message ?? '',
  };
}

function seconds({ started_at, finished_at }: Receipt): number {
  return finished_at === undefined ? 0 : (Date.parse(finished_at) - Date.parse(started_at)) / 1000;
}
