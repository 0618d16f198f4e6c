import { buildJob, readBack } from '../../compiler/job.ts';
import { printJob } from '../../compiler/job-text.ts';
import type { ResolvedEnvironment, ResolvedPipeline } from '../../compiler/resolved.ts';
import { openStore } from '../../runtime/adapters/stores.ts';
import { runHash } from '../../runtime/identity.ts';
import type { Receipt } from '../../runtime/receipt.ts';
import { readReceipt } from '../../runtime/receipts.ts';
import { type Job, jobHash } from '../../spec/job.ts';
import { UsageError } from '../usage-error.ts';
import { writeSources } from './dbt-sources.ts';
import { planRun, type RunOptions } from './plan.ts';
import type { Progress } from './progress.ts';
import { receiptsOf } from './receipts-of.ts';
import type { PartitionResult, RunResult } from './result.ts';
import { runPartition } from './run-partition.ts';

export interface PipelineRun {
  readonly environment: ResolvedEnvironment;
  readonly pipeline: ResolvedPipeline;
  /** Folder of the spec. */
  readonly home: string;
  /** In the order in which they are run; each is a run of its own. */
  readonly partitions: readonly string[];
  readonly options: RunOptions & { readonly force?: boolean | undefined };
  readonly progress: Progress;
}

/** A pipeline over partitions on this machine; stops after the first partition that fails. */
export async function runPipeline(run: PipelineRun): Promise<RunResult & { receipts: Receipt[] }> {
  const { environment, pipeline, home, options, progress } = run;
  const written = buildJob(environment, pipeline);
  const job = readBack(written);
  const store = await openStore(job.store, home);
  await using sources = await writeSources(environment, job.steps);
  const jobText = printJob(written);
  const partitions: PartitionResult[] = [];
  const receipts: Receipt[] = [];
  let failed = false;
  for (const partition of run.partitions) {
    const now = new Date();
    const runs = await receiptsOf(store, job.pipeline, partition);
    const plan = planRun(job, jobHash(job), runs, options, now, freshId(now));
    if (typeof plan === 'string') throw new UsageError(`${partition}: ${plan}`);
    const force = options.force === true;
    const result = await runPartition({
      ...{ job, jobText, partition, plan, store, home, force, progress },
      variables: sources.variables,
    });
    partitions.push(result);
    const hash = runHash(plan.dagId, plan.runId);
    for (const step of job.steps) {
      const receipt = await readReceipt(store, job.pipeline, partition, hash, step);
      if (receipt !== undefined) receipts.push(receipt);
    }
    failed = result.steps.some(({ status }) => status === 'failed');
    if (failed) break;
  }
  return {
    version: 1,
    pipeline: job.pipeline,
    environment: job.environment,
    status: failed ? 'failed' : 'done',
    partitions,
    store: store.location,
    warehouse: warehouseOf(job, home),
    receipts,
  };
}

function freshId(now: Date): string {
  // Two people, or one with two windows, may begin in the same millisecond.
  return `${now.toISOString()}-${process.pid}`;
}

function warehouseOf({ warehouse, load }: Job, home: string): string {
  const table = load === undefined ? '' : `, table ${warehouse.schema}.${load.table}`;
  return warehouse.kind === 'duckdb'
    ? `${warehouse.path.startsWith('/') ? warehouse.path : `${home}/${warehouse.path}`}${table}`
    : `${warehouse.account} ${warehouse.database}${table}`;
}
