import type { Job, JobColumn } from '../../../spec/job.ts';
import { dottedKeys, pointerKeys } from '../../sql/json-pointer.ts';

/** A place where a column's value may be. */
export type SourcePath =
  /** In the record, by its keys from the outermost. */
  | { readonly kind: 'field'; readonly keys: readonly string[] }
  /** Of the `for_each` parent, as it stands between the braces: `order.id`. */
  | { readonly kind: 'parent'; readonly expression: string };

/** The places of a column in order. A transform returns columns by their names; the header of a CSV file is one key. */
export function sourcePaths({ transform, extract }: Job, column: JobColumn): SourcePath[] {
  return column.from.map((from): SourcePath => {
    const expression = /^\$\{([^}]+)\}$/.exec(from)?.[1];
    if (expression !== undefined) return { kind: 'parent', expression };
    if (transform !== undefined) return { kind: 'field', keys: [column.name] };
    if (extract?.format?.kind === 'csv') return { kind: 'field', keys: [from] };
    return { kind: 'field', keys: from.startsWith('/') ? pointerKeys(from) : dottedKeys(from) };
  });
}

/** What the columns want of `for_each` parents, each once. */
export function parentExpressions(job: Job, columns: readonly JobColumn[]): string[] {
  const all = columns.flatMap((column) => sourcePaths(job, column));
  return [...new Set(all.flatMap((path) => (path.kind === 'parent' ? [path.expression] : [])))];
}
