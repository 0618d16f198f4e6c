import { randomUUID } from 'node:crypto';
import type { DagDefinition } from '../../compiler/dag.ts';
import { buildJob, readBack } from '../../compiler/job.ts';
import type { ResolvedEnvironment, ResolvedSpec } from '../../compiler/resolved.ts';
import { setupOf } from '../../compiler/snowflake/setup.ts';
import { runHash } from '../../runtime/identity.ts';
import { withVariables } from '../../runtime/read-job.ts';
import { createRedactor, type Redactor } from '../../runtime/redact.ts';
import { readSecret, secretValues } from '../../runtime/secrets.ts';
import type { SqlSession } from '../../runtime/sql-warehouse/session.ts';
import type { SignsIn } from '../../runtime/steps/dbt/snowflake-target.ts';
import type { Job } from '../../spec/job.ts';
import { dbtProbes } from './dbt.ts';
import { duckdbProbe } from './duckdb.ts';
import { type Answer, lookAtAll, type Probe } from './probe.ts';
import { secretProbes } from './secrets.ts';
import { snowflakeProbes } from './snowflake.ts';
import { sourceProbes } from './sources.ts';
import { storeProbe } from './store.ts';

export interface DoctorOptions {
  readonly spec: ResolvedSpec;
  readonly environment: ResolvedEnvironment;
  /** Of this environment. */
  readonly dags: readonly DagDefinition[];
  /** Folder of the spec. */
  readonly home: string;
  /** An empty folder, which the caller removes. */
  readonly scratch: string;
  readonly variables: NodeJS.ProcessEnv;
  /** Of each look, in milliseconds. */
  readonly deadline: number;
  readonly signal: AbortSignal;
}

/** Looks at all that the steps of an environment will need, one thing after the other. No secret is in an answer. */
export async function* examine(options: DoctorOptions): AsyncGenerator<Answer> {
  const { environment, variables, deadline, signal } = options;
  const jobs = environment.pipelines.map((pipeline) => readBack(buildJob(environment, pipeline)));
  const redact = createRedactor(jobs.flatMap((job) => secretValues(job, variables)));
  const sessions: SqlSession[] = [];
  try {
    for await (const answer of lookAtAll(probes(options, jobs, redact, sessions), deadline, signal)) {
      const { text, repair } = answer;
      yield { ...answer, text: redact(text), ...(repair === undefined ? {} : { repair: redact(repair) }) };
    }
  } finally {
    for (const session of sessions) await session[Symbol.asyncDispose]();
  }
}

function probes(
  options: DoctorOptions,
  jobs: readonly Job[],
  redact: Redactor,
  opened: SqlSession[],
): Probe[] {
  const { spec, environment, home, scratch, variables } = options;
  const signsIn: SignsIn = {
    identity: identity(),
    redact,
    home,
    environment: variables,
    secret: (variable) => readSecret(variables, variable),
  };
  return [
    ...secretProbes(spec, environment, variables),
    ...sourceProbes(baseUrls(environment, jobs, variables), variables),
    storeProbe(environment.settings.store, home),
    ...warehouseProbes(options, signsIn, opened),
    ...dbtProbes({ environment, home, scratch, signsIn }),
  ];
}

function warehouseProbes(
  { environment, dags, home, scratch, deadline, signal }: DoctorOptions,
  signsIn: SignsIn,
  opened: SqlSession[],
): Probe[] {
  const { warehouse, store } = environment.settings;
  if (warehouse.kind === 'duckdb') return [duckdbProbe(warehouse, home, scratch)];
  const setup = setupOf(dags);
  if (setup === undefined) return [];
  const open = async () => {
    const { openSnowflakeSession } = await import('../../runtime/adapters/snowflake/session.ts');
    const patience = { login: deadline, answer: deadline, farewell: Math.min(deadline, FAREWELL) };
    const session = await openSnowflakeSession({ ...signsIn, warehouse, signal, patience });
    opened.push(session);
    return session;
  };
  return snowflakeProbes({ setup, store, home, open });
}

/** Milliseconds for the farewell to a session that may be dead. */
const FAREWELL = 5000;

/** For the query tag: what was asked of the warehouse was asked by doctor. */
function identity() {
  const [dagId, taskId, runId] = ['pipegen', 'doctor', `doctor__${randomUUID()}`];
  return { partitions: [], dagId, taskId, runId, run: runHash(dagId, runId), tryNumber: 1, generation: 0 };
}

/** Of sources over HTTP, by name; a handler asks whom it likes. */
function baseUrls(
  { pipelines }: ResolvedEnvironment,
  jobs: readonly Job[],
  variables: NodeJS.ProcessEnv,
): Map<string, string> {
  const urls = jobs.flatMap((job, index) => {
    const source = withVariables(job, variables).extract?.source;
    const name = pipelines[index]?.settings.extract?.source ?? '';
    return source?.kind === 'http' ? [[name, source.base_url] as const] : [];
  });
  return new Map(urls);
}
