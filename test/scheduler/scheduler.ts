import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { GeneratedFile } from '../../src/compiler/dag.ts';
import type { AirflowVersion } from '../../src/spec/environment.ts';
import { program } from '../airflow/airflow.ts';
import { CommandLine } from './command-line.ts';
import { schedulerEnvironment } from './environment.ts';
import { Services } from './services.ts';

const STEP = fileURLToPath(new URL('step.sh', import.meta.url));
const CLEAR_INSTANCE = fileURLToPath(new URL('clear_instance.py', import.meta.url));
/** Nothing that is waited for takes longer, also on a busy machine. */
const PATIENCE = 200_000;

/** One call of a step, as `step.sh` notes it. */
export interface StepCall {
  readonly dag: string;
  readonly run: string;
  readonly try: number;
  readonly maxTries: number;
  /** Comma-separated, as the runtime gets it. */
  readonly partitions: string;
  readonly exit: number;
  /** Seconds since 1970. */
  readonly time: number;
}

/** One call of `recorder.py`. */
export interface Told {
  readonly event: string;
  readonly dag: string;
  readonly run: string;
  readonly task: string;
  /** Seconds since 1970. */
  readonly time: number;
}

/** A real Airflow with LocalExecutor on SQLite in a home of its own; every DAG is paused at first. */
export class Scheduler {
  readonly version: AirflowVersion;
  /** Its folder: `dags`, `logs`. */
  readonly home: string;
  readonly #environment: NodeJS.ProcessEnv;
  readonly #commandLine: CommandLine;
  #services: Services | undefined;

  private constructor(version: AirflowVersion, home: string, environment: NodeJS.ProcessEnv) {
    this.version = version;
    this.home = home;
    this.#environment = { ...environment, STEP, STEPS: home };
    this.#commandLine = new CommandLine(version, this.#environment);
  }

  /** Starts an Airflow and waits until it has taken every one of the DAG files. */
  static async start(
    version: AirflowVersion,
    files: readonly GeneratedFile[],
    more: { readonly env?: NodeJS.ProcessEnv; readonly services?: readonly string[] } = {},
  ): Promise<Scheduler> {
    const home = mkdtempSync(join(tmpdir(), 'pipegen-scheduler-'));
    const scheduler = new Scheduler(version, home, {
      ...(await schedulerEnvironment(version, home)),
      ...more.env,
    });
    try {
      await scheduler.#start(
        files.filter(({ path }) => path.endsWith('.py')),
        more.services,
      );
      return scheduler;
    } catch (error) {
      await scheduler.stop();
      throw error;
    }
  }

  async #start(dags: readonly GeneratedFile[], services: readonly string[] = []): Promise<void> {
    mkdirSync(join(this.home, 'exits'));
    for (const { path, content } of dags) {
      const file = join(this.home, 'dags', path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content);
    }
    await this.airflow('db', 'migrate');
    for (const pool of poolsOf(dags)) await this.airflow('pools', 'set', pool, '1', 'one at a time');
    this.#services = new Services(this.version, this.home, this.#environment, services);
    await this.until('the DAGs', () => dags.every(({ path }) => this.#isStored(path)));
    // A task that starts before the API answers ends failed.
    if (this.version !== '2.11') await this.until('the API', () => this.#apiAnswers());
  }

  /** Where Airflow 3 answers. */
  get api(): string {
    return String(this.#environment.AIRFLOW__API__BASE_URL);
  }

  #isStored(path: string): boolean {
    const location = `%/${path.split('/').at(-1)}`;
    const stored = `select dag.dag_id from dag join serialized_dag on serialized_dag.dag_id = dag.dag_id`;
    return this.query(`${stored} where dag.fileloc like '${location}'`).length > 0;
  }

  async #apiAnswers(): Promise<boolean> {
    const url = `${this.#environment.AIRFLOW__CORE__EXECUTION_API_SERVER_URL}health`;
    return fetch(url).then(
      ({ ok }) => ok,
      () => false,
    );
  }

  /** A command of Airflow's command line; throws unless it succeeds. Returns what it printed. */
  airflow(...args: readonly string[]): Promise<string> {
    return this.#commandLine.run(args);
  }

  /** Starts a run by hand, for a partition or without saying one; its id is `run`. */
  async trigger(dag: string, run: string, partition?: string): Promise<void> {
    const conf = partition === undefined ? [] : ['--conf', JSON.stringify({ partition })];
    await this.airflow('dags', 'trigger', dag, '--run-id', run, ...conf);
  }

  /** Lets the tasks of a run be done again; on 2.11 those of all runs of its DAG, for it has no way to name one. */
  async clear(dag: string, run: string): Promise<void> {
    if (this.version === '2.11') await this.airflow('tasks', 'clear', dag, '--yes');
    else await this.airflow('dags', 'clear', dag, '--run-id', run, '--yes');
  }

  /** Lets one instance of a mapped task be done again, and the tasks after it. */
  async clearInstance(dag: string, run: string, task: string, index: number): Promise<void> {
    await this.python(CLEAR_INSTANCE, dag, run, task, String(index));
  }

  /** Runs a script with Airflow's own Python and configuration; throws unless it succeeds. */
  async python(...args: readonly string[]): Promise<void> {
    const python = program(`airflow-${this.version}`, 'python');
    await promisify(execFile)(python, args, { env: this.#environment });
  }

  /** Rows of Airflow's own database. */
  query(sql: string): Record<string, unknown>[] {
    const database = new DatabaseSync(join(this.home, 'airflow.db'), { readOnly: true, timeout: 30_000 });
    try {
      return database.prepare(sql).all();
    } finally {
      database.close();
    }
  }

  /** The moment at which a scheduled run was to start. */
  due(dag: string, run: string): Date {
    const column = this.version === '2.11' ? 'data_interval_end' : 'run_after';
    const [row] = this.query(
      `select ${column} as due from dag_run where dag_id = '${dag}' and run_id = '${run}'`,
    );
    // SQLite keeps it in UTC without saying so.
    return new Date(`${row?.due}Z`);
  }

  /** How the steps of a DAG end: an exit code for each try, the last for all after it. One list of partitions, or all. */
  exits(dag: string, codes: readonly number[], partitions?: string): void {
    const name = partitions === undefined ? dag : `${dag}.${partitions}`;
    writeFileSync(join(this.home, 'exits', name), `${codes.join('\n')}\n`);
  }

  /** What notifiers were called for so far. */
  told(): Told[] {
    return this.#lines('alerts.jsonl') as Told[];
  }

  /** The calls of a DAG's steps so far, in their order. */
  calls(dag: string): StepCall[] {
    const calls = this.#lines('steps.jsonl') as StepCall[];
    return calls.filter((call) => call.dag === dag);
  }

  #lines(name: string): unknown[] {
    const file = join(this.home, name);
    if (!existsSync(file)) return [];
    const lines = readFileSync(file, 'utf8').trim().split('\n');
    return lines.map((line) => JSON.parse(line) as unknown);
  }

  /** Waits until a DAG has had so many calls, and returns them. */
  async callsWhen(dag: string, count: number): Promise<StepCall[]> {
    await this.until(`${count} calls of ${dag}`, () => this.calls(dag).length >= count);
    return this.calls(dag);
  }

  /** Waits until a run has ended, and says how. */
  async ended(dag: string, run: string): Promise<unknown> {
    const state = () =>
      this.query(`select state from dag_run where dag_id = '${dag}' and run_id = '${run}'`)[0]?.state;
    await this.until(`the end of ${dag} ${run}`, () => ['success', 'failed'].includes(String(state())));
    return state();
  }

  /** Looks again and again until something holds, for as long as the Airflow lives. */
  async until(what: string, holds: () => boolean | Promise<boolean>, patience = PATIENCE): Promise<void> {
    for (const end = Date.now() + patience; !(await holds()); await setTimeout(250)) {
      const ended = this.#services?.ended();
      if (!ended && Date.now() < end) continue;
      throw new Error(`waited for ${what}: ${ended || 'too long'}\n${this.#services?.lastWords()}`);
    }
  }

  async stop(): Promise<void> {
    await this.#services?.stop();
    await this.#commandLine.close();
    rmSync(this.home, { recursive: true, force: true });
  }
}

function poolsOf(files: readonly GeneratedFile[]): Set<string> {
  return new Set(
    files.flatMap(({ content }) => [...content.matchAll(/\bpool="([^"]+)"/g)].map(([, name = '']) => name)),
  );
}
