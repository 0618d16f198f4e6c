import type { ColumnType } from '../../spec/column-type.ts';
import type { CheckResult, PublishedFile } from '../receipt.ts';
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

/** What one scan of a table can count; all in rows. */
export type Measure =
  | { readonly kind: 'rows' }
  | { readonly kind: 'nulls'; readonly column: string }
  /** Beyond the first of each key; a row with a null in its key is none. */
  | { readonly kind: 'duplicates'; readonly columns: readonly string[] };

/** The rows that are measured: those staged, or those of a partition in its table. */
export type Relation = 'staging' | { readonly table: string; readonly partition: string };

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
   * Makes the table, `_pipegen_loads` and `_pipegen_checks` where they are not, and adds new columns. A column whose
   * type changed is a configuration error with the SQL to run. Not part of any transaction.
   */
  prepare(table: string, columns: readonly WarehouseColumn[]): Promise<void>;
  /** The committed loads of a partition, the oldest first. */
  loads(table: string, partition: string): Promise<LoadRecord[]>;
  /** Puts the files into a fresh staging table; returns the rows of each, in order. */
  stage(
    store: ObjectStore,
    files: readonly PublishedFile[],
    columns: readonly WarehouseColumn[],
  ): Promise<number[]>;
  /** Counts all measures in one scan, in their order. */
  measure(relation: Relation, measures: readonly Measure[]): Promise<number[]>;
  /**
   * Replaces the partition by what is staged and records the load, in one transaction: all of it or nothing.
   * `proceed` sees the committed loads once the transaction holds the partition; false leaves all as it was.
   * Returns whether it was replaced.
   */
  publish(
    load: LoadRecord,
    columns: readonly WarehouseColumn[],
    proceed: (committed: readonly LoadRecord[]) => boolean,
  ): Promise<boolean>;
  /** Replaces what this run recorded for the same partition and moment in `_pipegen_checks`. */
  recordChecks(run: CheckRun, results: readonly CheckResult[]): Promise<void>;
}
