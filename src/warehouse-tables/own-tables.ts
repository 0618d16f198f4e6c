/**
 * What pipegen itself writes into a warehouse. The runtime makes it, the compiler prints the same as SQL for those who
 * set a Snowflake up, and neither knows the other: so it is said here, in no warehouse's words.
 */
export type OwnType = 'date' | 'text' | 'timestamp' | 'integer' | 'double' | 'boolean';

export type OwnColumn = readonly [name: string, type: OwnType];

export const LOADS = '_pipegen_loads';
export const CHECKS = '_pipegen_checks';

/** What every table has besides its declared columns. */
export const OWN_COLUMNS: readonly OwnColumn[] = [
  ['_pipegen_partition', 'date'],
  ['_pipegen_load_id', 'text'],
  ['_pipegen_run_id', 'text'],
  ['_pipegen_extracted_at', 'timestamp'],
  ['_pipegen_loaded_at', 'timestamp'],
  ['_pipegen_source_file', 'text'],
  ['_pipegen_row_hash', 'text'],
];

/** Append-only: one row for each committed load. `files` is a JSON list of their SHA-256. */
export const LOAD_COLUMNS: readonly OwnColumn[] = [
  ['load_id', 'text'],
  ['pipeline', 'text'],
  ['table_name', 'text'],
  ['partition', 'date'],
  ['run_id', 'text'],
  ['job', 'text'],
  ['extracted_at', 'timestamp'],
  ['rows', 'integer'],
  ['files', 'text'],
  ['committed_at', 'timestamp'],
];

/** One row a check, partition and run; `stage` is gate or after_load. */
export const CHECK_COLUMNS: readonly OwnColumn[] = [
  ['pipeline', 'text'],
  ['table_name', 'text'],
  ['partition', 'date'],
  ['run_id', 'text'],
  ['check_name', 'text'],
  ['kind', 'text'],
  ['stage', 'text'],
  ['severity', 'text'],
  ['passed', 'boolean'],
  ['measured', 'double'],
  ['expected', 'text'],
  ['checked_at', 'timestamp'],
];
