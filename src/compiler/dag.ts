import type { AirflowVersion, KubernetesLauncher, ProcessLauncher } from '../spec/environment.ts';
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
  /** Where the pipeline stands, `pipelines.yaml`; for the header. */
  readonly specFile: string;
  readonly schedule: Schedule;
  /** `2026-01-01`, midnight in `timezone`. */
  readonly startDate: string;
  /** IANA; partitions are its calendar days. UTC where the schedule has none. */
  readonly timezone: string;
  readonly catchup: boolean;
  readonly maxActiveRuns: number;
  readonly runTimeoutSeconds: number;
  readonly retries: number;
  readonly retryDelaySeconds: number;
  /** Days before its own that a scheduled run works on too; 0 for runs started by others. */
  readonly lookback: number;
  /** In order of running; each waits for the one before. */
  readonly tasks: readonly TaskDefinition[];
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
  | { readonly kind: 'manual' };

export interface AssetReference {
  /** Pipeline name; also the asset's. */
  readonly name: string;
  /** `pipegen://<environment>/<pipeline>` */
  readonly uri: string;
}

export interface TaskDefinition {
  readonly step: Step;
  readonly timeoutSeconds: number;
  /** Secrets that this step needs, by environment variable. */
  readonly secrets: readonly TaskSecret[];
  /** Hash of all that this task does, 12 hexadecimal digits. */
  readonly definition: string;
}

export interface TaskSecret {
  /** Environment variable in the container; upper case. */
  readonly variable: string;
  /** Kubernetes secret and key; undefined for the process launcher, which inherits the worker's environment. */
  readonly kubernetes?: { readonly name: string; readonly key: string };
}

export type LoweredLauncher =
  | ProcessLauncher
  | (Omit<KubernetesLauncher, 'image'> & {
      /** `repository@sha256:…` */
      readonly image: string;
    });

/** A file of the output, relative to the output folder. */
export interface GeneratedFile {
  readonly path: string;
  readonly content: string;
}
