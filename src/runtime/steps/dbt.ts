import { mkdtemp } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Job } from '../../spec/job.ts';
import { connectionVariable } from '../../spec/mounted-secret.ts';
import { secretsIn } from '../../spec/source.ts';
import { waitForFile } from '../adapters/duckdb/open-file.ts';
import type { StepContext, StepFunction } from '../context.ts';
import { configuration } from '../errors.ts';
import type { DbtDetails } from '../receipt.ts';
import { findDbt } from './dbt/find-dbt.ts';
import { profileName, writeDuckdbProfile } from './dbt/profile.ts';
import { earlyFailure, failedNodes, nodeFailure, readResults } from './dbt/results.ts';
import { runDbt } from './dbt/run-dbt.ts';

/**
 * One `dbt build` for all partitions of the run, with the profile of the environment's warehouse. Its variables:
 * `partitions` (list of dates), `run_id`, `raw_schema`. Details of each receipt: `DbtDetails`.
 */
export const dbt: StepFunction = async (context, work, report) => {
  const details = await build(
    context,
    work.map(({ partition }) => partition),
  );
  const { nodes, passed, warned } = details;
  const message = `dbt built ${nodes.length} nodes: ${passed} passed${warned === 0 ? '' : `, ${warned} warned`}`;
  for (const { partition, previous } of work) {
    await report.finish(partition, { status: 'done', message, rows: previous?.rows ?? {}, details });
  }
};

async function build(context: StepContext, partitions: readonly string[]): Promise<DbtDetails> {
  const { job, home, log, signal, identity } = context;
  if (job.dbt === undefined)
    throw configuration(`the pipeline ${job.pipeline} has no dbt: build its DAG again`);
  if (job.dbt.runner === 'dbt_cloud') {
    throw configuration(
      `dbt of ${job.pipeline} runs in dbt Cloud as job ${job.dbt.job_id}, which only Airflow starts: leave the step out here, or let this environment override dbt with runner: dbt_core`,
    );
  }
  const { warehouse } = job;
  if (warehouse.kind !== 'duckdb') {
    throw configuration(
      `this version of pipegen runs dbt on the warehouse "duckdb" only, not on "${warehouse.kind}"`,
    );
  }
  const program = findDbt(home, context.environment);
  const project = resolve(home, job.dbt.project);
  const folder = await mkdtemp(join(context.scratch, 'dbt-'));
  const path = resolve(home, warehouse.path);
  await writeDuckdbProfile(folder, await profileName(project), path);
  // dbt itself does not wait for a lock.
  await waitForFile({ path, scratch: folder, signal, log });

  const variables = { partitions, run_id: identity.runId, raw_schema: warehouse.schema };
  const end = await runDbt(program, dbtArguments(project, folder, job.dbt.select, variables), {
    environment: dbtEnvironment(context.environment, job),
    folder,
    log,
    signal,
  });
  const details = await readResults(folder);
  if (details === undefined) throw earlyFailure(end);
  if (details.nodes.length === 0) {
    throw configuration(
      `dbt.select (${job.dbt.select.join(' ')}) selects nothing in ${project}: see \`dbt ls\` for what is there`,
    );
  }
  for (const node of failedNodes(details)) {
    log.error({ event: 'dbt_node_failed', ...node }, `${node.unique_id} ${node.status}`);
  }
  if (details.failed > 0) throw nodeFailure(details);
  if (end.code !== 0) throw earlyFailure(end);
  return details;
}

/** Nothing is written into the project: target, log and profile are in a folder of this run. */
function dbtArguments(
  project: string,
  folder: string,
  select: readonly string[],
  variables: object,
): string[] {
  return [
    ...['build', '--project-dir', project, '--profiles-dir', folder, '--target-path', folder],
    ...['--log-path', folder, '--log-format', 'json', '--log-level-file', 'none', '--no-use-colors'],
    ...['--no-partial-parse', '--vars', JSON.stringify(variables)],
    ...['--select', ...select],
  ];
}

/** dbt's environment: without the job and the API's secrets, which are none of its business. */
function dbtEnvironment(environment: NodeJS.ProcessEnv, job: Job): NodeJS.ProcessEnv {
  const { PIPEGEN_JOB: _job, ...rest } = environment;
  const source = job.extract?.source;
  for (const { text: secret } of source === undefined ? [] : secretsIn(source)) {
    delete rest[secret];
    delete rest[connectionVariable(secret)];
  }
  return { ...rest, DBT_SEND_ANONYMOUS_USAGE_STATS: 'false', NO_COLOR: '1', PYTHONUNBUFFERED: '1' };
}
