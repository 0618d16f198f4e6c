import type { Job } from '../../../spec/job.ts';
import type { Load } from '../../../spec/load.ts';
import { configuration } from '../../errors.ts';
import type { LoadMode, LoadRecord, Relation } from '../../ports/warehouse.ts';

/** What the job says that a load does to the rows of its table. */
export function loadMode({ pipeline, key }: Job, { mode, newest_by }: Load): LoadMode {
  if (mode !== 'merge') return { kind: mode };
  if (key !== undefined && newest_by !== undefined) {
    return { kind: 'merge', key: key.columns, newestBy: newest_by };
  }
  throw configuration(
    `load.mode: merge of ${pipeline} needs key and load.newest_by: build its DAG again with \`pipegen build\``,
  );
}

/** Which loads say whether one must be done: a whole table has one state, whatever partition it is of. */
export function deciding({ kind }: LoadMode, { table, partition }: LoadRecord): [string, string?] {
  return kind === 'replace' ? [table] : [table, partition];
}

/**
 * The rows of the table that are exactly those of the load; undefined for a merge, whose rows lie among others and go
 * over to the load that brings a newer one of their key.
 */
export function loadedRows(
  { kind }: LoadMode,
  { table, partition }: Pick<LoadRecord, 'table' | 'partition'>,
): Relation | undefined {
  if (kind === 'merge') return undefined;
  return kind === 'replace' ? { table } : { table, partition };
}
