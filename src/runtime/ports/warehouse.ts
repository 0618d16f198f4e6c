import type { ColumnType } from '../../spec/column-type.ts';
import type { CheckResult, PublishedFile } from '../receipt.ts';
import type { Measure, Measured, SampleRow, Volume } from './measure.ts';
import type { ObjectStore } from './object-store.ts';

export interface WarehouseColumn {
  readonly name: string;
  readonly type: ColumnType;
}

/** A committed load of a partition, as `_pipegen_loads` holds it: one row a load, never changed. */
export interface LoadRecord {
  readonly loadId: string;
  readonly pipeline: string;
  readonly table: string;
  readonly partition: string;
  readonly runId: string;
  /** Hash of the job. */
  readonly job: string;
  /** When the extraction began, ISO 8601 in UTC: orders the attempts at a partition. */
  readonly extractedAt: string;
  readonly rows: number;
  /** SHA-256 of each file, in order. */
  readonly files: readonly string[];
}

/** What becomes of the rows that a table has. */
export type LoadMode =
  /** Those of the partition go. */
  | { readonly kind: 'replace_partition' }
  /**
   * Those of a staged key go where their `newestBy` is older, null being the oldest, or equal and not extracted later;
   * else the staged row does not come in. Rows with a null in their key go where they are of the partition.
   */
  | { readonly kind: 'merge'; readonly key: readonly string[]; readonly newestBy: string }
  /** All go. */
  | { readonly kind: 'replace' };

/** The rows that are measured: those staged, those of a partition in its table, or all of the table. */
export type Relation = 'staging' | { readonly table: string; readonly partition?: string };

export interface CheckRun {
  readonly pipeline: string;
  readonly table: string;
  readonly partition: string;
  readonly runId: string;
  readonly when: CheckResult['when'];
}

/**
 * Where tables live. One session: opened, used for a step, closed. Fails with `StepError`: temporary for a lock, a
 * full disk, a lost connection; configuration for a missing right or a table that does not fit; badData for rows
 * that the table refuses.
 */
export interface Warehouse extends AsyncDisposable {
  /** `schema.table` as it is named here, for people. */
  nameOf(table: string): string;
  /**
   * Makes the table, `_pipegen_loads` and `_pipegen_checks` where they are not, adds new columns, widens those whose
   * type became wider. Any other change of a type is a configuration error with the SQL to run. Not part of any
   * transaction.
   */
  prepare(table: string, columns: readonly WarehouseColumn[]): Promise<void>;
  /** The committed loads of a partition, or of the whole table, the oldest first. */
  loads(table: string, partition?: string): Promise<LoadRecord[]>;
  /** Puts the files into a fresh staging table; returns the rows of each, in order. */
  stage(
    store: ObjectStore,
    files: readonly PublishedFile[],
    columns: readonly WarehouseColumn[],
  ): Promise<number[]>;
  /** All measures in their order; one scan for those that can share it. */
  measure(relation: Relation, measures: readonly Measure[]): Promise<Measured[]>;
  /** A few of the rows that a measure counts; `columns` are what to show of them. None for `rows` and `newest`. */
  sample(relation: Relation, measure: Measure, columns: readonly string[]): Promise<SampleRow[]>;
  /** What was loaded for those of the partitions that have a load. */
  volumes(table: string, partitions: readonly string[]): Promise<Volume[]>;
  /**
   * Puts what is staged into the table and records the load, in one transaction: all of it or nothing. `proceed` sees
   * the committed loads, of the partition or (`replace`) of the table, once the transaction holds the table; false
   * leaves all as it was. Returns whether it was published. A lost answer to COMMIT is looked up.
   */
  publish(
    load: LoadRecord,
    columns: readonly WarehouseColumn[],
    mode: LoadMode,
    proceed: (committed: readonly LoadRecord[]) => boolean,
  ): Promise<boolean>;
  /** Replaces what this run recorded for the same partition and moment in `_pipegen_checks`. */
  recordChecks(run: CheckRun, results: readonly CheckResult[]): Promise<void>;
}
