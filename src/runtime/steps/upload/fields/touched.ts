import type { Job, JobColumn } from '../../../../spec/job.ts';
import { sourcePaths } from '../source-path.ts';

/** A place in a record that a column reads. */
export interface ReadPath {
  readonly keys: readonly string[];
  readonly masked: boolean;
}

/** None where a transform reads the records: nobody knows what it takes. */
export function pathsOf(job: Job, columns: readonly JobColumn[]): ReadPath[] {
  if (job.transform !== undefined) {
    // Any field may have become a masked column.
    return columns.some(({ mask }) => mask !== undefined) ? [{ keys: [], masked: true }] : [];
  }
  return columns.flatMap((column) =>
    sourcePaths(job, column).flatMap((path) =>
      path.kind === 'field' ? [{ keys: path.keys, masked: column.mask !== undefined }] : [],
    ),
  );
}

/** Whether a column reads the field, or something that it is in. */
export function isReadField(paths: readonly ReadPath[], keys: readonly string[]): boolean {
  return paths.some((path) => path.keys.length > 0 && startsWith(keys, path.keys));
}

/** Whether its values must not be shown: a masked column reads the field, something in it, or what it is in. */
export function isMaskedField(paths: readonly ReadPath[], keys: readonly string[]): boolean {
  return paths.some((path) => path.masked && (startsWith(keys, path.keys) || startsWith(path.keys, keys)));
}

function startsWith(keys: readonly string[], first: readonly string[]): boolean {
  return first.every((key, index) => keys[index] === key);
}
