import { createHash } from 'node:crypto';
import { ALERT_EVENTS, alertsOf } from '../spec/alerts.ts';
import type { KubernetesLauncher } from '../spec/environment.ts';
import { canonical } from '../spec/job.ts';
import { milliseconds } from '../spec/quantities.ts';
import { podsOf } from '../spec/slices.ts';
import type { StepSettings } from '../spec/step-settings.ts';
import type { Step } from '../spec/steps.ts';
import type {
  AssetReference,
  DagDefinition,
  LoweredLauncher,
  Schedule,
  TaskDefinition,
  TaskSecret,
} from './dag.ts';
import type { Finding } from './finding.ts';
import { buildJob, secretVariables, stepsOf } from './job.ts';
import { printJob } from './job-text.ts';
import { locateIn } from './layers.ts';
import { lineageOf } from './lineage.ts';
import { poolOf } from './pool.ts';
import type { ResolvedEnvironment, ResolvedPipeline, ResolvedSpec } from './resolved.ts';
import { fileOf } from './source-file.ts';

/** What fits into a container's environment beside all else; Linux takes 128 KiB for one variable. */
const MAX_JOB_BYTES = 96 * 1024;

export interface LowerContext {
  /** Text of a file beside the spec; undefined where there is none. */
  readText(path: string): string | undefined;
  /** `--image`: takes the place of repository and digest. */
  readonly image?: string;
}

/** Resolved pipelines → DAGs: what shall happen, in no Airflow's words. */
export function lower(
  spec: ResolvedSpec,
  environments: readonly ResolvedEnvironment[],
  context: LowerContext,
): { value: DagDefinition[]; findings: Finding[] } {
  const findings: Finding[] = [];
  const dags = environments.flatMap((environment) => {
    const launcher = lowerLauncher(spec, environment, context, findings);
    if (launcher === undefined) return [];
    return environment.pipelines.map((pipeline) =>
      lowerPipeline(spec, environment, pipeline, launcher, findings),
    );
  });
  return { value: dags, findings };
}

function lowerLauncher(
  spec: ResolvedSpec,
  environment: ResolvedEnvironment,
  context: LowerContext,
  findings: Finding[],
): LoweredLauncher | undefined {
  const { launcher } = environment.settings;
  if (launcher.kind === 'process') return launcher;
  if (context.image !== undefined) return ofPods(launcher, context.image);
  const { repository, digest_file } = launcher.image;
  const text = context.readText(digest_file);
  // Lines that begin with # are for people.
  const digest = text?.replace(/^#.*$/gm, '').trim();
  if (digest !== undefined && /^sha256:[0-9a-f]{64}$/.test(digest)) {
    return ofPods(launcher, `${repository}@${digest}`);
  }
  findings.push({
    name: 'image-without-digest',
    severity: 'error',
    message:
      text === undefined
        ? `there is no file "${digest_file}" with the digest of the image`
        : `"${digest_file}" does not hold one digest: sha256: and 64 hexadecimal digits`,
    at: locateIn(spec.source, environment.layers, ['launcher', 'image', 'digest_file']),
    help: 'push the image and write its digest there, or name an image by --image',
  });
  return undefined;
}

/** What the DAGs know of a launcher: the cluster's own set-up changes none of them. */
function ofPods(launcher: KubernetesLauncher, image: string): LoweredLauncher {
  const { workload_identity, airflow: _, ...rest } = launcher;
  const marked = Object.entries(workload_identity).filter(([, { azure }]) => azure !== undefined);
  if (marked.length === 0) return { ...rest, image };
  const accounts = marked.map(([account]) => [account, 'azure'] as const);
  return { ...rest, image, workload_identity: Object.fromEntries(accounts) };
}

function lowerPipeline(
  spec: ResolvedSpec,
  environment: ResolvedEnvironment,
  pipeline: ResolvedPipeline,
  launcher: LoweredLauncher,
  findings: Finding[],
): DagDefinition {
  const { settings } = pipeline;
  const jobText = printJob(buildJob(environment, pipeline));
  const bytes = Buffer.byteLength(jobText);
  if (bytes > MAX_JOB_BYTES) {
    findings.push({
      name: 'job-too-large',
      severity: 'error',
      message: `the job of "${pipeline.name}" has ${bytes} bytes, ${MAX_JOB_BYTES} reach a container`,
      at: locateIn(spec.source, pipeline.layers, [], 'key'),
      help: 'divide the pipeline: fewer columns or slices in each',
    });
  }
  const asset = (name: string): AssetReference => ({ name, uri: `pipegen://${environment.name}/${name}` });
  const common = {
    dagId: pipeline.name,
    description: settings.description,
    tags: settings.tags,
    owner: settings.owner,
    environment: environment.name,
    airflow: environment.settings.airflow,
    specFile: fileName(spec.source.file),
    ...writtenIn(spec, pipeline),
    schedule: lowerSchedule(pipeline, asset),
    ...partitionsOf(environment),
    startDate: settings.start_date,
    timezone: settings.schedule?.timezone ?? 'UTC',
    catchup: settings.catchup,
    maxActiveRuns: settings.max_active_runs,
    runTimeoutSeconds: seconds(settings.run_timeout),
    retries: settings.retries,
    retryDelaySeconds: seconds(settings.retry_delay),
    ...(settings.retry_backoff.exponential
      ? { maxRetryDelaySeconds: seconds(settings.retry_backoff.max) }
      : {}),
    lookback: settings.partition.lookback,
    lineage: lineageOf(environment, pipeline),
    publishes: asset(pipeline.name),
    launcher,
    jobText,
  };
  // Once and not for each task: it holds the job.
  const commonHash = hash(common);
  const pods = podsOf(settings.extract?.slices);
  const tasks = stepsOf(pipeline).map((step): TaskDefinition => {
    const own = settings.steps[step] ?? {};
    const cloud = step === 'dbt' && settings.dbt?.runner === 'dbt_cloud' ? settings.dbt : undefined;
    const pool =
      cloud === undefined ? poolOf(environment.settings.warehouse, settings.load?.table, step) : undefined;
    const task = {
      step,
      ...sharing(step, pods),
      timeoutSeconds: seconds(cloud?.timeout ?? own.timeout ?? settings.timeout),
      ...(cloud === undefined ? {} : { dbtCloud: cloud }),
      ...(own.retries === undefined ? {} : { retries: own.retries }),
      ...(launcher.kind === 'process' ? {} : podSettings(own, launcher)),
      ...(pool === undefined ? {} : { pool }),
      secrets: secretVariables(environment, pipeline, step).map((variable) =>
        secretOf(spec, launcher, variable),
      ),
    };
    return { ...task, definition: hash({ common: commonHash, task }) };
  });
  // Not part of what a task does: who is told of a failure changes no task.
  const told = ALERT_EVENTS.some((event) => alertsOf(settings.alerts, event).length > 0);
  const more = { tasks, ...(told ? { alerts: settings.alerts } : {}) };
  return Object.freeze({ ...common, ...more, definition: hash({ common: commonHash, ...more }) });
}

function sharing(step: Step, pods: number): Pick<TaskDefinition, 'pods' | 'afterPods'> {
  if (pods === 1) return {};
  if (step === 'extract') return { pods };
  return step === 'upload' ? { afterPods: true } : {};
}

function lowerSchedule({ settings }: ResolvedPipeline, asset: (name: string) => AssetReference): Schedule {
  const { schedule } = settings;
  if (schedule?.cron !== undefined) return { kind: 'cron', cron: schedule.cron, timezone: schedule.timezone };
  const { all, any, asset: foreign } = schedule?.after ?? {};
  if (foreign !== undefined) return { kind: 'asset', uri: foreign };
  if (all !== undefined) return { kind: 'after', mode: 'all', assets: all.map(asset) };
  if (any !== undefined) return { kind: 'after', mode: 'any', assets: any.map(asset) };
  return { kind: 'manual' };
}

/** Nothing for the way that the version goes by itself: 2.11 has only one. */
function partitionsOf({ settings }: ResolvedEnvironment): Pick<DagDefinition, 'partitions'> {
  return settings.partitions === 'dates' && settings.airflow !== '2.11' ? { partitions: 'dates' } : {};
}

/** What a step's pod has that the launcher's others have not. */
function podSettings(
  own: StepSettings,
  launcher: Exclude<LoweredLauncher, { kind: 'process' }>,
): Pick<TaskDefinition, 'image' | 'resources' | 'serviceAccount'> {
  const identity = {
    ...(own.image === undefined ? {} : { image: own.image }),
    ...(own.service_account === undefined ? {} : { serviceAccount: own.service_account }),
  };
  if (own.resources === undefined) return identity;
  const { cpu, memory, ephemeral_storage } = launcher.resources;
  const resources = {
    cpu: own.resources.cpu ?? cpu,
    memory: own.resources.memory ?? memory,
    ephemeral_storage: own.resources.ephemeral_storage ?? ephemeral_storage,
  };
  return { ...identity, resources };
}

/** Where the launcher finds the secret of an environment variable. */
function secretOf(spec: ResolvedSpec, launcher: LoweredLauncher, variable: string): TaskSecret {
  if (launcher.kind === 'process') return { variable };
  const name = Object.entries(spec.secrets).find(([, one]) => one === variable)?.[0];
  const mounted = name === undefined ? undefined : launcher.secrets[name];
  if (mounted?.kubernetes !== undefined && mounted.key !== undefined) {
    return { variable, kubernetes: { name: mounted.kubernetes, key: mounted.key } };
  }
  const id = mounted?.airflow_connection;
  if (id === undefined) return { variable };
  const field = mounted?.field;
  return { variable, connection: { id, ...(field === undefined ? {} : { field }) } };
}

/** Nothing for the root. */
function writtenIn({ source }: ResolvedSpec, { name }: ResolvedPipeline): Pick<DagDefinition, 'writtenIn'> {
  const { path } = fileOf(source, ['pipelines', name]);
  return path === undefined ? {} : { writtenIn: path };
}

function seconds(duration: string): number {
  return milliseconds(duration) / 1000;
}

function fileName(path: string): string {
  return path.replaceAll('\\', '/').split('/').at(-1) ?? path;
}

function hash(value: unknown): string {
  return createHash('sha256').update(canonical(value)).digest('hex').slice(0, 12);
}
