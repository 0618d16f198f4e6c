import { mkdtemp } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { StepContext, StepFunction, StepReport, Work } from '../context.ts';
import { configuration } from '../errors.ts';
import type { DbtDetails } from '../receipt.ts';
import { buildArguments, type Places, prepareRetry, retryArguments } from './dbt/arguments.ts';
import { keepArtefacts, resultsBefore } from './dbt/artefacts.ts';
import { dbtEnvironment } from './dbt/environment.ts';
import { earlyFailure, nodeFailure } from './dbt/failure.ts';
import { findDbt } from './dbt/find-dbt.ts';
import { openTarget, profileName, writeProfile } from './dbt/profile.ts';
import {
  detailsOf,
  failedNodes,
  isUnfinished,
  mergeResults,
  type RunResults,
  readResults,
} from './dbt/results.ts';
import { type DbtEnd, runDbt } from './dbt/run-dbt.ts';
import { sourcesVariable, targetFolder } from './dbt/sources-folder.ts';

/**
 * One `dbt build` for all partitions of the run, with the profile of the environment's warehouse. Its variables:
 * `partitions` (list of dates), `run_id`, `raw_schema`. An automatic retry repeats only what failed. Details of each
 * receipt, also of a failed one: `DbtDetails`.
 */
export const dbt: StepFunction = async (context, work, report) => {
  const details = await build(context, work, report);
  const { nodes, passed, warned } = details;
  const message = `dbt built ${nodes.length} nodes: ${passed} passed${warned === 0 ? '' : `, ${warned} warned`}`;
  for (const { partition, previous } of work) {
    await report.finish(partition, { status: 'done', message, rows: previous?.rows ?? {}, details });
  }
};

async function build(context: StepContext, work: readonly Work[], report: StepReport): Promise<DbtDetails> {
  const { job, home, log, redact } = context;
  const { project: folderOfProject, select } = coreSettings(context);
  const program = findDbt(home, context.environment);
  const project = resolve(home, folderOfProject);
  const folder = await mkdtemp(join(context.scratch, 'dbt-'));
  const name = await profileName(project);
  const profile = await openTarget(context, folder);
  await writeProfile(folder, name, profile);

  const variables = {
    partitions: work.map(({ partition }) => partition),
    run_id: context.identity.runId,
    raw_schema: job.warehouse.schema,
  };
  const sources = sourcesVariable(context, project);
  const places = { project, folder, target: await targetFolder(folder, sources), variables };
  const environment = { ...dbtEnvironment(context), ...sources, ...profile.environment };
  const run = (args: readonly string[]) =>
    runDbt(program, args, { environment, folder, log, signal: context.signal });
  const before = await resultsBefore(context);
  const { end, results } = await attempt(run, places, select, before);
  if (results === undefined) throw earlyFailure(end);
  if (results.results.length === 0) {
    throw configuration(
      `dbt.select (${select.join(' ')}) selects nothing in ${project}: see \`dbt ls\` for what is there`,
    );
  }
  const artefacts = await keepArtefacts(context, places.target, results);
  const details: DbtDetails = JSON.parse(redact(JSON.stringify({ ...detailsOf(results), artefacts })));
  for (const { partition } of work) report.keep(partition, details);
  const timings = details.nodes.map(({ unique_id, status, seconds }) => ({ unique_id, status, seconds }));
  const seconds = timings.reduce((sum, node) => sum + node.seconds, 0);
  log.info(
    { event: 'dbt_nodes', nodes: timings },
    `${timings.length} dbt nodes took ${seconds.toFixed(1)} s`,
  );
  for (const node of failedNodes(details)) {
    log.error({ event: 'dbt_node_failed', ...node }, `${node.unique_id} ${node.status}`);
  }
  if (details.failed > 0) throw nodeFailure(details);
  if (end.code !== 0) throw earlyFailure(end);
  return details;
}

/** A retry of what the try before left undone, else a whole build; results are of both tries together. */
async function attempt(
  run: (args: readonly string[]) => Promise<DbtEnd>,
  places: Places,
  select: readonly string[],
  before: RunResults | undefined,
): Promise<{ end: DbtEnd; results: RunResults | undefined }> {
  if (before !== undefined && isUnfinished(before)) {
    const state = await prepareRetry(places.folder, before);
    const end = await run(retryArguments(places, state));
    const now = await readWhole(places.target, end);
    // Another image may have another project, without what failed: then all is built.
    if (now !== undefined) return { end, results: mergeResults(before, now) };
    if (!end.errors.some((text) => text.includes('does it exist'))) return { end, results: undefined };
  }
  const end = await run(buildArguments(places, select));
  return { end, results: await readWhole(places.target, end) };
}

/** Of a dbt that was killed the results are of a part, and a retry would leave out the others. */
async function readWhole(target: string, { code }: DbtEnd): Promise<RunResults | undefined> {
  return code === 0 || code === 1 ? readResults(target) : undefined;
}

function coreSettings({ job }: StepContext): { project: string; select: readonly string[] } {
  if (job.dbt === undefined)
    throw configuration(`the pipeline ${job.pipeline} has no dbt: build its DAG again`);
  if (job.dbt.runner !== 'dbt_cloud') return job.dbt;
  throw configuration(
    `dbt of ${job.pipeline} runs in dbt Cloud as job ${job.dbt.job_id}, which only Airflow starts: leave the step out here, or let this environment override dbt with runner: dbt_core`,
  );
}
