import type { Logger } from 'pino';
import type { Job } from '../spec/job.ts';
import type { RunIdentity } from './identity.ts';
import type { ObjectStore } from './ports/object-store.ts';
import type { Receipt, Rows } from './receipt.ts';
import type { Redactor } from './redact.ts';

/** All that a step may touch. */
export interface StepContext {
  readonly job: Job;
  readonly jobHash: string;
  readonly identity: RunIdentity;
  readonly store: ObjectStore;
  readonly log: Logger;
  /** Aborted on SIGTERM and SIGINT. */
  readonly signal: AbortSignal;
  /** Absolute: relative paths of the job start here. */
  readonly home: string;
  /** An empty folder of this process, removed at its end. */
  readonly scratch: string;
  /** `--force`: do what would be skipped or refused as already done or older. */
  readonly force: boolean;
  readonly environment: NodeJS.ProcessEnv;
  /** Value of a secret by the name of its environment variable; `configuration` error when it is not set. */
  secret(variable: string): string;
  /** Removes every secret's value from a text: plain, percent-encoded, base64. Learns of new ones by `add`. */
  readonly redact: Redactor;
}

/** One partition of a run, with what the step before left. */
export interface Work {
  readonly partition: string;
  /** Receipt of the step before, `done`; undefined for the first step of the pipeline. */
  readonly previous: Receipt | undefined;
  /** Requests that earlier tries of this step and run have used. */
  readonly requestsUsed: number;
}

export interface Outcome {
  readonly status: 'done' | 'skipped';
  /** One sentence for people. */
  readonly message: string;
  readonly rows?: Partial<Rows>;
  readonly requests?: number;
  readonly details?: unknown;
}

/**
 * A step over all partitions of a run. Calls `finish` for each as soon as it is through, which writes its receipt;
 * throws `StepError` at the first failure, which marks the unfinished ones as failed. A partition that fails may
 * call `spent` before it throws, so that its requests are not forgotten.
 */
export type StepFunction = (context: StepContext, work: readonly Work[], report: StepReport) => Promise<void>;

export interface StepReport {
  finish(partition: string, outcome: Outcome): Promise<void>;
  /** Requests of this try for a partition so far; kept in the receipt also when the step fails. */
  spent(partition: string, requests: number): void;
  /** Details for the partition's receipt should the step fail before it finishes it. */
  keep(partition: string, details: unknown): void;
}
