import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Run } from './airflow.ts';
import type { Cluster } from './cluster.ts';

/** What of a pod the tests look at; see the API of Kubernetes. */
export interface Pod {
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly deletionTimestamp?: string;
  };
  readonly spec: { readonly containers: readonly { readonly env?: readonly EnvironmentVariable[] }[] };
  readonly status: {
    readonly phase: string;
    /** `Evicted`, `DeadlineExceeded`. */
    readonly reason?: string;
    readonly containerStatuses?: readonly {
      readonly state: {
        readonly running?: object;
        /** `reason` is `OOMKilled` where the memory did not suffice. */
        readonly terminated?: {
          readonly exitCode: number;
          readonly reason: string;
          readonly message?: string;
        };
      };
    }[];
  };
}

export interface EnvironmentVariable {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: object;
}

/** The pods of a namespace: those that are there, and all that ever were, for Airflow deletes what has ended. */
export class Pods implements AsyncDisposable {
  readonly namespace: string;
  readonly #cluster: Cluster;
  readonly #watch: ChildProcessWithoutNullStreams;
  readonly #seen: string[] = [];

  constructor(cluster: Cluster, namespace: string) {
    this.namespace = namespace;
    this.#cluster = cluster;
    const args = ['get', 'pods', '--namespace', namespace, '--watch', '--output', 'jsonpath={@}{"\\n"}'];
    this.#watch = spawn(cluster.kubectlPath, ['--kubeconfig', cluster.kubeconfig, ...args]);
    this.#watch.stderr.resume();
    createInterface(this.#watch.stdout).on('line', (line) => this.#seen.push(line));
  }

  /** Each state that each pod was in, in their order, as JSON. */
  get history(): readonly string[] {
    return this.#seen;
  }

  /** The last state that was seen of each pod of a task, the oldest pod first. */
  seen(run: Run, task: string): Pod[] {
    const last = new Map<string, Pod>();
    for (const pod of this.#seen.map((line) => JSON.parse(line) as Pod)) {
      if (isOf(pod, run, task)) last.set(pod.metadata.name, pod);
    }
    return [...last.values()];
  }

  /** Those that are there now; of one task, or all. */
  async now(run?: Run, task?: string): Promise<Pod[]> {
    const answer = await this.#cluster.kubectl([
      ...['get', 'pods', '--namespace', this.namespace, '--output', 'json'],
    ]);
    const { items } = JSON.parse(answer) as { items: Pod[] };
    return items.filter((pod) => run === undefined || isOf(pod, run, task));
  }

  /** Waits until the container of a task runs, and returns its pod. */
  async running(run: Run, task: string): Promise<Pod> {
    for (const end = Date.now() + 300_000; Date.now() < end; await sleep(200)) {
      const found = (await this.now(run, task)).find(
        ({ metadata, status }) =>
          metadata.deletionTimestamp === undefined &&
          status.containerStatuses?.[0]?.state.running !== undefined,
      );
      if (found !== undefined) return found;
    }
    throw new Error(`no pod of ${task} of ${run.dag} ${run.run} has run for five minutes`);
  }

  /** Deletes one as a person does, or as a node that goes away: at once, without being asked to end. */
  async delete({ metadata }: Pod, how: 'asked' | 'at once' = 'asked'): Promise<void> {
    const force = how === 'asked' ? [] : ['--grace-period=0', '--force'];
    await this.#cluster.kubectl([
      ...['delete', 'pod', metadata.name, '--namespace', this.namespace, '--wait=false', ...force],
    ]);
  }

  /** What the container of a pod that is there has printed so far. */
  log({ metadata }: Pod): Promise<string> {
    return this.#cluster.kubectl(['logs', metadata.name, '--namespace', this.namespace]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { exitCode, signalCode } = this.#watch;
    if (exitCode !== null || signalCode !== null) return;
    const ended = new Promise((resolve) => this.#watch.once('close', resolve));
    this.#watch.kill();
    await ended;
  }
}

/** Airflow labels its pods; a mapped task has its index in a label too. */
function isOf({ metadata: { labels } }: Pod, { dag, run }: Run, task: string | undefined): boolean {
  if (labels.dag_id !== dag || labels.run_id !== run) return false;
  if (task === undefined) return true;
  const [, name = task, index] = /^(.*)\[(\d+)\]$/.exec(task) ?? [];
  return labels.task_id === name && (index === undefined || labels.map_index === index);
}
