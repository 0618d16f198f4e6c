import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AirflowVersion } from '../../src/spec/environment.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const INSPECT = fileURLToPath(new URL('inspect_dags.py', import.meta.url));

/** No command of Airflow takes longer; a hanging one is ended. */
export const COMMAND_LIMIT = 240_000;

export interface Ended {
  readonly exit: number | null;
  /** Standard output and error, as they came. */
  readonly output: string;
}

export interface DagsTestOptions {
  /** The DAG's parameter `partition`; without it the run finds its own. */
  readonly partition?: string;
  /** Added to the environment of Airflow and with it of the steps: `PIPEGEN_HOME`, `PATH`, secrets. */
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Runs a DAG with its real operators by `airflow dags test`, in a home of its own that is removed afterwards.
 * @param folder the DAG files; read only
 */
export async function dagsTest(
  version: AirflowVersion,
  folder: string,
  dagId: string,
  options: DagsTestOptions = {},
): Promise<Ended> {
  const database = await migrated(version);
  return inHome(async (home) => {
    writeFileSync(join(home, DATABASE), database);
    const conf =
      options.partition === undefined ? [] : ['--conf', JSON.stringify({ partition: options.partition })];
    const env = { ...environment(version, home, folder), ...options.env };
    return run(airflow(version, 'airflow'), ['dags', 'test', ...conf, dagId], env);
  });
}

/** A run whose templates are to be rendered; what it does not name is absent from the context. */
export interface Scenario {
  readonly name: string;
  readonly run_type?: 'scheduled' | 'backfill' | 'manual';
  /** The DAG's parameter. */
  readonly partition?: string;
  readonly partition_key?: string;
  readonly run_after?: string;
  readonly data_interval_start?: string;
  /** Of upstream datasets; `partitions` as an upstream publishes it. */
  readonly events?: readonly { readonly uri: string; readonly partitions?: string }[];
}

export interface InspectedTask {
  /** Instances of a mapped task, the first of which is described; null where it is none. */
  readonly mapped: number | null;
  readonly class: string;
  readonly bases: readonly string[];
  readonly downstream: readonly string[];
  readonly retries: number;
  readonly retry_delay: number;
  /** A switch in 2.11, in 3.3 by what each delay is multiplied. */
  readonly retry_exponential_backoff: boolean | number;
  readonly max_retry_delay: number | null;
  readonly pool: string;
  readonly execution_timeout: number;
  readonly owner: string;
  readonly do_xcom_push: boolean;
  readonly trigger_rule: string;
  readonly has_retry_policy: boolean;
  /** Template fields as written. */
  readonly fields: Readonly<Record<string, unknown>>;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly outlets: readonly string[];
}

export interface InspectedDag {
  readonly description: string;
  readonly doc_md: string;
  readonly tags: readonly string[];
  readonly catchup: boolean;
  readonly max_active_runs: number;
  readonly dagrun_timeout: number;
  readonly start_date: string;
  readonly timezone: string;
  readonly timetable: string;
  /** Day of the run that a scheduler would start first; with catchup, the first of all. */
  readonly first_partition: string | null;
  readonly params: Readonly<Record<string, { readonly value: unknown; readonly schema: unknown }>>;
  readonly tasks: Readonly<Record<string, InspectedTask>>;
  /** As Airflow stores it. */
  readonly serialized: { readonly dag: Readonly<Record<string, unknown>> };
  /** Scenario, task (of a mapped one each instance, `extract [1]`), template field. */
  readonly rendered: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
  /** What would be sent to Kubernetes, by task. */
  readonly pods: Readonly<Record<string, unknown>>;
}

export interface Inspection {
  readonly import_errors: Readonly<Record<string, string>>;
  readonly warnings: readonly string[];
  readonly dags: Readonly<Record<string, InspectedDag>>;
}

/** Imports a folder of DAG files in a real Airflow, without a database, and says what it found. */
export async function inspect(
  version: AirflowVersion,
  folder: string,
  request: { readonly scenarios?: readonly Scenario[]; readonly pods?: boolean } = {},
): Promise<Inspection> {
  return inHome(async (home) => {
    const env = environment(version, home, folder);
    const answer = await run(airflow(version, 'python'), [INSPECT, folder], env, JSON.stringify(request));
    if (answer.exit !== 0) throw new Error(`inspect_dags.py ended with ${answer.exit}\n${answer.output}`);
    return JSON.parse(answer.standardOutput) as Inspection;
  });
}

/** A program of the Python environment `.venv/<name>`. */
export function program(environmentName: string, file: string): string {
  const path = join(ROOT, '.venv', environmentName, 'bin', file);
  if (!existsSync(path)) throw new Error(`${path} is missing: run scripts/setup.sh ${environmentName}`);
  return path;
}

function airflow(version: AirflowVersion, file: string): string {
  return program(`airflow-${version}`, file);
}

const DATABASE = 'airflow.db';
const databases = new Map<AirflowVersion, Promise<Buffer>>();

/** An empty database of that Airflow: made once in this process, written into the home of each run. */
function migrated(version: AirflowVersion): Promise<Buffer> {
  const known = databases.get(version);
  if (known !== undefined) return known;
  const made = inHome(async (home) => {
    const ended = await run(airflow(version, 'airflow'), ['db', 'migrate'], environment(version, home, home));
    if (ended.exit !== 0) throw new Error(`airflow db migrate ended with ${ended.exit}\n${ended.output}`);
    return readFileSync(join(home, DATABASE));
  });
  databases.set(version, made);
  return made;
}

async function inHome<T>(work: (home: string) => Promise<T>): Promise<T> {
  const home = mkdtempSync(join(tmpdir(), 'pipegen-airflow-'));
  try {
    return await work(home);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

/** Nothing of the caller's Airflow, and nothing that two runs would share. */
function environment(version: AirflowVersion, home: string, folder: string): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(_?AIRFLOW|PYTHON|VIRTUAL_ENV)/.test(name),
  );
  const kubeconfig = join(home, 'kubeconfig.json');
  writeFileSync(kubeconfig, KUBECONFIG);
  return {
    ...Object.fromEntries(inherited),
    PATH: [join(ROOT, '.venv', `airflow-${version}`, 'bin'), process.env.PATH].join(delimiter),
    AIRFLOW_HOME: home,
    AIRFLOW__CORE__DAGS_FOLDER: folder,
    AIRFLOW__CORE__LOAD_EXAMPLES: 'False',
    AIRFLOW__CORE__DAGBAG_IMPORT_TIMEOUT: '200',
    AIRFLOW__DATABASE__SQL_ALCHEMY_CONN: `sqlite:///${join(home, DATABASE)}`,
    KUBECONFIG: kubeconfig,
    PYTHONDONTWRITEBYTECODE: '1',
    TZ: 'UTC',
  };
}

/** The operator asks for a client while it builds a pod; nothing is ever sent to this address. */
export const KUBECONFIG = JSON.stringify({
  apiVersion: 'v1',
  kind: 'Config',
  clusters: [{ name: 'none', cluster: { server: 'http://127.0.0.1:9' } }],
  users: [{ name: 'none', user: {} }],
  contexts: [{ name: 'none', context: { cluster: 'none', user: 'none' } }],
  'current-context': 'none',
});

function run(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  input = '',
): Promise<Ended & { readonly standardOutput: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env, timeout: COMMAND_LIMIT, killSignal: 'SIGKILL' });
    const chunks: { readonly standard: boolean; readonly data: Buffer }[] = [];
    child.stdout.on('data', (data: Buffer) => chunks.push({ standard: true, data }));
    child.stderr.on('data', (data: Buffer) => chunks.push({ standard: false, data }));
    child.on('error', reject);
    child.on('close', (exit) => {
      const text = (some: typeof chunks) => Buffer.concat(some.map((one) => one.data)).toString();
      resolve({ exit, output: text(chunks), standardOutput: text(chunks.filter((one) => one.standard)) });
    });
    // A child that ended at once no longer reads; its exit code says why.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}
