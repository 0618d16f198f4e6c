import type { Rows } from '../../runtime/receipt.ts';
import type { Step } from '../../spec/steps.ts';

/** How one step of one partition went; what `--format json` prints. */
export interface StepOutcome {
  step: Step;
  status: 'done' | 'skipped' | 'failed' | 'kept' | 'not_run';
  exit: number | null;
  rows: Rows;
  /** To the source. */
  requests: number;
  seconds: number;
  message: string;
}

export interface PartitionResult {
  partition: string;
  run_id: string;
  steps: StepOutcome[];
}

export interface RunResult {
  version: 1;
  pipeline: string;
  environment: string;
  status: 'done' | 'failed';
  partitions: PartitionResult[];
  /** Where the files and the table are. */
  store: string;
  warehouse: string;
}
