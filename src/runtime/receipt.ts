import type { Step } from '../spec/steps.ts';

/** Rows of one partition at each station; received = published + quarantined + duplicates + filtered. */
export interface Rows {
  received: number;
  published: number;
  quarantined: number;
  duplicates: number;
  filtered: number;
  loaded: number;
}

export const NO_ROWS: Readonly<Rows> = {
  received: 0,
  published: 0,
  quarantined: 0,
  duplicates: 0,
  filtered: 0,
  loaded: 0,
};

/**
 * What a step writes first as `running` and last as `done`, at
 * `receipts/<pipeline>/<partition>/<run>/<step>.json`. The next step requires `done` of the same run and job.
 */
export interface Receipt<Details = unknown> {
  version: 1;
  pipeline: string;
  partition: string;
  step: Step;
  status: 'running' | 'done' | 'skipped' | 'failed';
  /** Hash of the run's id, as in object names. */
  run: string;
  run_id: string;
  /** Of the extract that began this chain; see `RunIdentity`. */
  generation: number;
  /** Hash of the job that the step was given. */
  job: string;
  try_number: number;
  /** Of Airflow; absent on the command line. */
  max_tries?: number;
  started_at: string;
  finished_at?: string;
  exit?: number;
  message: string;
  /** Requests to the source, of every try of this step. */
  requests: number;
  rows: Rows;
  details?: Details;
}

/** One page as it was landed. */
export interface LandedPage {
  /** Object name in the store. */
  name: string;
  /** Bytes as stored (gzipped). */
  size: number;
  /** Of the stored bytes, hexadecimal. */
  sha256: string;
  records: number;
}

export interface LandedSlice {
  /** Value of the slice; null without slices. */
  value: string | null;
  pages: LandedPage[];
  records: number;
  /** What the API said there is, null where it did not. */
  total: number | null;
}

export interface ExtractDetails {
  /** When the extraction began: orders the attempts at a partition. */
  extracted_at: string;
  slices: LandedSlice[];
  records: number;
  /** Sum of the slices' totals; null when one has none. */
  total: number | null;
}

export interface PublishedFile {
  name: string;
  size: number;
  sha256: string;
  rows: number;
}

export interface QuarantineReason {
  reason: string;
  column: string | null;
  rows: number;
}

export interface UploadDetails {
  extracted_at: string;
  files: PublishedFile[];
  /** Parquet of the rows set aside; null when there are none. */
  quarantine: PublishedFile | null;
  reasons: QuarantineReason[];
  /** Rows with a null in their key, counted and kept. */
  keyless: number;
  /** The API's total, for reconcile. */
  total: number | null;
}

export interface CheckResult {
  /** Such as `row_count` or `null_rate(flight)`. */
  name: string;
  kind: string;
  when: 'gate' | 'after_load';
  severity: 'error' | 'warning';
  passed: boolean;
  /** What was measured, as a number: rows or a fraction. */
  measured: number;
  /** The bound in words, such as `at least 1` or `at most 5%`. */
  expected: string;
}

export interface LoadDetails {
  extracted_at: string;
  load_id: string;
  /** `schema.table` as the warehouse names it. */
  table: string;
  /** False when the same files were already committed. */
  changed: boolean;
  /** The API's total, for reconcile after the load. */
  total: number | null;
  checks: CheckResult[];
}

export interface CheckDetails {
  checks: CheckResult[];
}

export interface DbtNode {
  unique_id: string;
  status: string;
  seconds: number;
  failures: number | null;
  message: string | null;
}

export interface DbtDetails {
  nodes: DbtNode[];
  passed: number;
  warned: number;
  failed: number;
  skipped: number;
}
