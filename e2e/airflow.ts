import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { AirflowVersion } from '../src/spec/environment.ts';
import { Scheduler } from '../test/scheduler/scheduler.ts';
import { ENVIRONMENTS, type Project } from './project.ts';

const PLUGINS = fileURLToPath(new URL('plugins', import.meta.url));
const MARK_SUCCESS = fileURLToPath(new URL('mark_success.py', import.meta.url));
/** How soon Airflow takes a task for dead that no longer says that it lives, and counts attempts that were. */
const SETTINGS: Readonly<Record<AirflowVersion, NodeJS.ProcessEnv>> = {
  '2.11': {
    AIRFLOW__SCHEDULER__SCHEDULER_ZOMBIE_TASK_THRESHOLD: '60',
    AIRFLOW__SCHEDULER__ZOMBIE_DETECTION_INTERVAL: '5',
    // A task that ends and the scheduler can both schedule the next one, which then counts an attempt that never was.
    AIRFLOW__SCHEDULER__SCHEDULE_AFTER_TASK_EXECUTION: 'False',
  },
  '3.3': {
    AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT: '60',
    AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT_DETECTION_INTERVAL: '5',
  },
};
/** A run of five pods with their retries, on a machine that others use too. */
const PATIENCE = 600_000;

/** A task of a run, as Airflow has it at a moment. */
export interface TaskState {
  /** `extract`; of a mapped task `extract[2]`. */
  readonly task: string;
  /** `running`, `up_for_retry`, `success`, `failed`, `skipped`, `upstream_failed`; null before it is scheduled. */
  readonly state: string | null;
  /** How often it was begun. */
  readonly attempts: number;
}

export interface Run {
  readonly dag: string;
  readonly run: string;
}

/** A real Airflow with a real scheduler whose tasks start pods in the cluster of the tests. */
export class Airflow implements AsyncDisposable {
  readonly version: AirflowVersion;
  /** Of the spec: `e2e_3_3`. */
  readonly environment: string;
  readonly #scheduler: Scheduler;

  private constructor(version: AirflowVersion, scheduler: Scheduler) {
    this.version = version;
    this.environment = ENVIRONMENTS[version];
    this.#scheduler = scheduler;
  }

  /** Starts one with the DAGs of its environment, all of them unpaused. @param kubeconfig what the operator uses */
  static async start(version: AirflowVersion, project: Project, kubeconfig: string): Promise<Airflow> {
    const files = project.generated(ENVIRONMENTS[version]);
    const env = {
      AIRFLOW_CONN_KUBERNETES_DEFAULT: JSON.stringify({
        conn_type: 'kubernetes',
        extra: { in_cluster: false, kube_config_path: kubeconfig },
      }),
      AIRFLOW__CORE__PLUGINS_FOLDER: PLUGINS,
      // A task that waits for its pod holds a place.
      AIRFLOW__CORE__PARALLELISM: '8',
      AIRFLOW__SCHEDULER__SCHEDULER_HEARTBEAT_SEC: '1',
      ...SETTINGS[version],
    };
    const scheduler = await Scheduler.start(version, files, { env });
    const airflow = new Airflow(version, scheduler);
    try {
      for (const dag of airflow.dags()) await scheduler.airflow('dags', 'unpause', dag);
      return airflow;
    } catch (error) {
      await airflow[Symbol.asyncDispose]();
      throw error;
    }
  }

  dags(): string[] {
    return this.query('select dag_id from dag order by dag_id').map(({ dag_id }) => String(dag_id));
  }

  /** Starts a run by hand, for a partition or without saying one; `run` becomes its id. */
  async trigger(dag: string, run: string, partition?: string): Promise<Run> {
    await this.#scheduler.trigger(dag, run, partition);
    return { dag, run };
  }

  /** Waits until a run has ended, and says how: `success` or `failed`. */
  async ended({ dag, run }: Run): Promise<string> {
    const state = () =>
      String(
        this.query(`select state from dag_run where dag_id = '${dag}' and run_id = '${run}'`)[0]?.state ?? '',
      );
    await this.until(`the end of ${dag} ${run}`, () => ['success', 'failed'].includes(state()));
    return state();
  }

  /** All tasks of a run, in alphabetical order. */
  tasks({ dag, run }: Run): TaskState[] {
    const rows = this.query(
      `select task_id, map_index, state, try_number from task_instance
where dag_id = '${dag}' and run_id = '${run}' order by task_id, map_index`,
    );
    return rows.map(({ task_id, map_index, state, try_number }) => ({
      task: Number(map_index) < 0 ? String(task_id) : `${task_id}[${map_index}]`,
      state: state === null ? null : String(state),
      attempts: Number(try_number),
    }));
  }

  task(run: Run, task: string): TaskState {
    const found = this.tasks(run).find((one) => one.task === task);
    if (found === undefined) throw new Error(`${run.dag} ${run.run} has no task ${task}`);
    return found;
  }

  /** Waits until a task is in one of some states, and returns it. */
  async taskIs(run: Run, task: string, ...states: string[]): Promise<TaskState> {
    await this.until(`${task} of ${run.dag} ${run.run} to be ${states.join(' or ')}`, () => {
      const found = this.tasks(run).find((one) => one.task === task);
      return found?.state != null && states.includes(found.state);
    });
    return this.task(run, task);
  }

  /** The first run of a DAG that others have started, when there is one. */
  async started(dag: string): Promise<Run> {
    const found = () => this.query(`select run_id from dag_run where dag_id = '${dag}' order by id`)[0];
    await this.until(`a run of ${dag}`, () => found() !== undefined);
    return { dag, run: String(found()?.run_id) };
  }

  /** What a person reads in the log of one attempt, or of all. */
  log({ dag, run }: Run, task: string, attempt?: number): string {
    const [, name = task, index] = /^(.*)\[(\d+)\]$/.exec(task) ?? [];
    const mapped = index === undefined ? '' : `/map_index=${index}`;
    const folder = join(this.#scheduler.home, 'logs', `dag_id=${dag}/run_id=${run}/task_id=${name}${mapped}`);
    return readdirSync(folder)
      .filter((file) => attempt === undefined || file === `attempt=${attempt}.log`)
      .sort()
      .flatMap((file) => readFileSync(join(folder, file), 'utf8').split('\n'))
      .map(readable)
      .join('\n');
  }

  /** Everything that Airflow has written: its logs, and its database with what it has rendered. */
  *written(): Generator<{ path: string; bytes: Buffer }> {
    for (const entry of readdirSync(this.#scheduler.home, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile() || entry.parentPath.includes('/dags')) continue;
      const path = join(entry.parentPath, entry.name);
      yield { path, bytes: readFileSync(path) };
    }
  }

  /** Lets a task and all that come after it be done again, as a person does in the browser. */
  async clear({ dag, run }: Run, task: string): Promise<void> {
    if (this.version === '2.11') {
      const [row] = this.query(
        `select execution_date as day from dag_run where dag_id = '${dag}' and run_id = '${run}'`,
      );
      // SQLite keeps it in UTC without saying so.
      const day = `${String(row?.day).replace(' ', 'T')}+00:00`;
      const when = ['--start-date', day, '--end-date', day];
      await this.airflow(
        'tasks',
        'clear',
        dag,
        '--task-regex',
        `^${task}$`,
        '--downstream',
        ...when,
        '--yes',
      );
      return;
    }
    await this.#post(`/api/v2/dags/${dag}/clearTaskInstances`, {
      dry_run: false,
      dag_run_id: run,
      task_ids: [task],
      include_downstream: true,
      only_failed: false,
      reset_dag_runs: true,
    });
  }

  /** Says that a task has succeeded, as a person may, and as Airflow does at times of one whose pod was killed. */
  async markSuccess({ dag, run }: Run, task: string): Promise<void> {
    await this.#scheduler.python(MARK_SUCCESS, dag, run, task);
  }

  async #post(path: string, body: unknown): Promise<void> {
    const base = this.#scheduler.api;
    const login = await fetch(`${base}/auth/token`);
    const { access_token } = (await login.json()) as { access_token: string };
    const ask = () =>
      fetch(base + path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${access_token}` },
        body: JSON.stringify(body),
      });
    let answer = await ask();
    // SQLite refuses whoever has read before another has written, however patient; a person would click again.
    for (let again = 0; answer.status === 500 && again < 10; again += 1) {
      await sleep(1_000);
      answer = await ask();
    }
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  }

  /** Kills the process of a task that runs and the one that watches over it, without a word to either. */
  async killWorker({ dag, run }: Run, task: string): Promise<void> {
    const pid = () =>
      Number(
        this.query(
          `select pid from task_instance
where dag_id = '${dag}' and run_id = '${run}' and task_id = '${task}' and state = 'running'`,
        )[0]?.pid ?? 0,
      );
    await this.until(`the process of ${task} of ${dag} ${run}`, () => pid() > 0);
    const watching = parentOf(pid());
    process.kill(watching, 'SIGKILL');
    process.kill(pid(), 'SIGKILL');
  }

  /** The file of a DAG as Airflow reads it now. */
  readDag(dag: string): string {
    return readFileSync(this.#fileOf(dag), 'utf8');
  }

  /** Puts another file in its place, as a deployment does. */
  replaceDag(dag: string, content: string): void {
    writeFileSync(this.#fileOf(dag), content);
  }

  #fileOf(dag: string): string {
    return join(this.#scheduler.home, 'dags', this.environment, 'dags', `${dag}.py`);
  }

  /** A command of Airflow's command line; throws unless it succeeds. Returns what it printed. */
  airflow(...args: readonly string[]): Promise<string> {
    return this.#scheduler.airflow(...args);
  }

  /** Rows of Airflow's own database. */
  query(sql: string): Record<string, unknown>[] {
    return this.#scheduler.query(sql);
  }

  /** Looks again and again until something holds, for as long as the Airflow lives; at most ten minutes. */
  until(what: string, holds: () => boolean | Promise<boolean>, patience = PATIENCE): Promise<void> {
    return this.#scheduler.until(what, holds, patience);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#scheduler.stop();
  }
}

/** See proc_pid_stat(5): the name of the program may hold blanks and parentheses. */
function parentOf(pid: number): number {
  const [, after = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(/\) (?!.*\) )/);
  return Number(after.split(' ')[1]);
}

interface LogLine {
  readonly event?: string;
  readonly error_detail?: readonly { readonly exc_type: string; readonly exc_value: string }[];
}

/** Airflow 3 keeps a line as JSON and shows its text, and the exceptions behind it. */
function readable(line: string): string {
  if (!line.startsWith('{')) return line;
  const { event = '', error_detail = [] } = JSON.parse(line) as LogLine;
  return [event, ...error_detail.map((one) => `${one.exc_type}: ${one.exc_value}`)].join('\n');
}
