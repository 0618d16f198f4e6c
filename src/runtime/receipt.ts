import type { SliceGroup } from '../spec/slice-group.ts';
import type { Step } from '../spec/steps.ts';

/**
 * Rows of one partition at each station; received (+ expanded) = published + quarantined + duplicates + filtered.
 */
export interface Rows {
  received: number;
  /** Rows that a transform made beyond the first of each record; absent where there are none. */
  expanded?: number;
  published: number;
  /** Set aside in a file, or only counted where the contract discards them. */
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
 * `receipts/<pipeline>/<partition>/<run>/<step>.json`, `extract-2-of-4.json` for a group of slices. The next step
 * requires `done` of the same run and job, of every group.
 */
export interface Receipt<Details = unknown> {
  version: 1;
  pipeline: string;
  partition: string;
  step: Step;
  /** Of an extract whose slices several containers share. */
  group?: SliceGroup;
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

/**
 * The pages of all children of a `for_each`, too many for a receipt: an object of gzipped JSON lines, each a
 * `ChildPage`. `landedPages` reads it.
 */
export interface PageList {
  name: string;
  size: number;
  sha256: string;
  /** Pages in the list: those that have a record. */
  pages: number;
  /** Lists that were read, one for each parent, empty ones included. */
  lists: number;
}

/** A child's page and the place of its parent's record: page and record, both from 1. */
export interface ChildPage extends LandedPage {
  parent: [page: number, record: number];
}

export interface LandedSlice {
  /** Value of the slice, or the beginning of its window; null without slices. */
  value: string | null;
  /** Empty with `for_each`, where the rows are in `for_each.children`. Read both by `landedPages`. */
  pages: LandedPage[];
  /** Of the pages that become rows; those of parents don't count. */
  records: number;
  for_each?: { parents: LandedPage[]; children: PageList };
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

/** A field of the source whose values are another than before. */
export interface FieldChange {
  /** Pointer in the record: `/departure/gate`. */
  field: string;
  /** Of its values: text, number, boolean, list, object. */
  kinds: string[];
  /** Kinds that it had in earlier runs; absent where it is new. */
  before?: string[];
  /** Rows that were looked at and have a value there. */
  rows: number;
  /** One of its values, shortened and masked; null where there is none. */
  sample: string | null;
}

/** The fields of a source against those of earlier runs. */
export interface FieldsReport {
  /** Pages that were looked at, of how many. */
  pages: [looked: number, all: number];
  /** Hash of the run before, as in object names; null where this is the first. */
  compared_with: string | null;
  added: FieldChange[];
  vanished: string[];
  retyped: FieldChange[];
  /** Fields and changes that are too many to be listed. */
  more: number;
  /** Fields that got no column (`new_fields: add`), since their name is not free. */
  without_column: { field: string; name: string }[];
}

export interface UploadDetails {
  extracted_at: string;
  /** Columns of the files, with those of new fields. */
  columns?: { name: string; type: string }[];
  /** Absent where there were no pages. */
  fields?: FieldsReport;
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
  /** Rows, a fraction of them, or the seconds of an age; null where there was nothing to measure. */
  measured: number | null;
  /** The bound in words, such as `at least 1` or `at most 5%`. */
  expected: string;
  /** What else a person wants to know, such as the newest value, or why nothing was judged. */
  note?: string;
  /** A few of the rows that offend, their values as shortened text; absent where the check passed. */
  sample?: Readonly<Record<string, string | null>>[];
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

/** Also of a load that its gate refused. */
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
  /** Of every try of this run: a retry repeats only what failed. */
  nodes: DbtNode[];
  passed: number;
  warned: number;
  failed: number;
  skipped: number;
  /** Names in the store of what dbt wrote. */
  artefacts: { run_results: string; manifest?: string };
}
