/** Rows that are looked at: those that meet the author's SQL condition, or all. */
interface Looked {
  readonly where?: string | undefined;
}

/** What can be found out of the rows of a table. */
export type Measure = Looked &
  (
    | { readonly kind: 'rows' }
    /** Rows without a value. */
    | { readonly kind: 'nulls'; readonly column: string }
    /** Rows beyond the first of each key; a row with a null in its key is none. */
    | { readonly kind: 'duplicates'; readonly columns: readonly string[] }
    /** The greatest value of a date or timestamp, as `2026-01-31 06:00:00.000000`; null where there is none. */
    | { readonly kind: 'newest'; readonly column: string }
    /** Rows of which the author's SQL condition is not true. */
    | { readonly kind: 'breaches'; readonly condition: string }
    /** Rows whose columns are in no row of another table; one with a null in them is none. */
    | {
        readonly kind: 'orphans';
        readonly columns: readonly string[];
        readonly table: string;
        readonly references: readonly string[];
      }
    /** Rows that the author's SQL query returns, which finds the rows as `partition_rows`. */
    | { readonly kind: 'offending'; readonly query: string }
  );

/** A count of rows, or what `newest` found. */
export type Measured = number | string | null;

/** The rows that a measure counts, as text, shortened by whoever shows them. */
export type SampleRow = Readonly<Record<string, string | null>>;

/** The newest load of a partition. */
export interface Volume {
  readonly partition: string;
  readonly rows: number;
  /** Whether volume_anomaly failed in the run that loaded it. */
  readonly anomalous: boolean;
}
