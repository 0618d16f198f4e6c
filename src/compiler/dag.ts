import type { Alerts } from '../spec/alerts.ts';
import type { DbtCloud } from '../spec/dbt.ts';
import type { AirflowVersion, KubernetesLauncher, ProcessLauncher } from '../spec/environment.ts';
import type { Resources } from '../spec/resources.ts';
import type { Step } from '../spec/steps.ts';

/** A DAG as lowered from a pipeline: knows what shall happen, not how an Airflow says it. Frozen. */
export interface DagDefinition {
  /** Equal to the pipeline's name. */
  readonly dagId: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly owner: string;
  readonly environment: string;
  readonly airflow: AirflowVersion;
  /** The spec, `pipelines.yaml`; for the header. */
  readonly specFile: string;
  /** The file of it in which the pipeline stands, `pipelines/flights.yaml`; undefined for the spec's first. */
  readonly writtenIn?: string;
  readonly schedule: Schedule;
  /** Where an Airflow that knows partitions is to get a list of dates all the same; undefined for its own way. */
  readonly partitions?: 'dates';
  /** First day that a scheduled run is for. `2026-01-01`, midnight in `timezone`. */
  readonly startDate: string;
  /** IANA; partitions are its calendar days. UTC where the schedule has none. */
  readonly timezone: string;
  readonly catchup: boolean;
  readonly maxActiveRuns: number;
  readonly runTimeoutSeconds: number;
  readonly retries: number;
  /** Before the first retry. */
  readonly retryDelaySeconds: number;
  /** Longest of the delays, each of which is twice the one before; undefined where all are alike. */
  readonly maxRetryDelaySeconds?: number | undefined;
  /** Days before its own that a scheduled run works on too; 0 for runs started by others. */
  readonly lookback: number;
  /** In order of running; each waits for the one before. */
  readonly tasks: readonly TaskDefinition[];
  /** Undefined where nobody is told of anything. */
  readonly alerts?: Alerts;
  readonly lineage: Lineage;
  /** What the last task publishes. */
  readonly publishes: AssetReference;
  readonly launcher: LoweredLauncher;
  /** The job, pretty-printed JSON, escaped for Jinja and Kubernetes; ends without a newline. */
  readonly jobText: string;
  /** Hash of everything above, 12 hexadecimal digits. */
  readonly definition: string;
}

export type Schedule =
  | { readonly kind: 'cron'; readonly cron: string; readonly timezone: string }
  | { readonly kind: 'after'; readonly mode: 'all' | 'any'; readonly assets: readonly AssetReference[] }
  /** An asset that a DAG of somebody else publishes. */
  | { readonly kind: 'asset'; readonly uri: string }
  | { readonly kind: 'manual' };

export interface Lineage {
  readonly source?: { readonly name: string; readonly path: string };
  /** As the warehouse calls it. */
  readonly table?: string;
  /** What dbt selects. */
  readonly dbt?: readonly string[];
  /** The pipelines that wait for this one. */
  readonly downstream: readonly string[];
}

export interface AssetReference {
  /** Pipeline name; also the asset's. */
  readonly name: string;
  /** `pipegen://<environment>/<pipeline>` */
  readonly uri: string;
}

export interface TaskDefinition {
  readonly step: Step;
  readonly timeoutSeconds: number;
  /** Containers that share the step, each a mapped instance of the task; undefined for one. */
  readonly pods?: number;
  /** The step before is shared, and one that has nothing to do holds up nobody. */
  readonly afterPods?: true;
  /** Where the step has others than the DAG. */
  readonly retries?: number;
  /** Of the pod, where it is another than the launcher's. */
  readonly image?: string;
  /** Of the pod, all of them, where one is another than the launcher's. */
  readonly resources?: Resources;
  /** Of the pod, where it is another than the launcher's. */
  readonly serviceAccount?: string;
  /** The Airflow pool of one slot that guards what the step writes to; it has to exist. */
  readonly pool?: string;
  /** Undefined but for the step dbt where dbt Cloud runs it: it is no step of the launcher then. */
  readonly dbtCloud?: DbtCloud;
  /** Secrets that this step needs, by environment variable. */
  readonly secrets: readonly TaskSecret[];
  /** Hash of all that this task does, 12 hexadecimal digits. */
  readonly definition: string;
}

export interface TaskSecret {
  /** Environment variable in the container; upper case. */
  readonly variable: string;
  /** Kubernetes secret and key. Without it and `connection` it is in the worker's environment: process launcher. */
  readonly kubernetes?: { readonly name: string; readonly key: string };
  /** Connection of Airflow, and what of it, which Airflow writes into the environment of the pod. */
  readonly connection?: { readonly id: string; readonly field?: string };
}

export type LoweredLauncher =
  | ProcessLauncher
  | (Omit<KubernetesLauncher, 'image' | 'workload_identity' | 'airflow'> & {
      /** `repository@sha256:…` */
      readonly image: string;
      /** Service accounts whose pods carry a mark of their cloud. Of the others the pods know nothing. */
      readonly workload_identity?: Readonly<Record<string, 'azure'>>;
    });

/** A file of the output, relative to the output folder. */
export interface GeneratedFile {
  readonly path: string;
  readonly content: string;
}
