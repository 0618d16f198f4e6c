import { configuration, StepError, temporary } from '../../errors.ts';

/** What a failed system call means for the run. Unknown ones are passed on as they are. */
export function meaningOf(error: unknown, root: string): unknown {
  if (error instanceof StepError || !(error instanceof Error)) return error;
  const { code, path = root } = error as NodeJS.ErrnoException;
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
    case 'EFBIG':
      return temporary(`no space is left for ${path}: free some on that disk, then run again`, error);
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return configuration(
        `${path} can't be read or written (${code}): give this user the right to the folder ${root}, or set another root of the store`,
        error,
      );
    case 'ENAMETOOLONG':
      return configuration(
        `${path} is longer than the file system allows: shorten the slice's value or the root of the store`,
        error,
      );
    case 'ENOTDIR':
    case 'EISDIR':
    case 'ENOTEMPTY':
    case 'ELOOP':
      return configuration(
        `${path} is in the way (${code}): something that pipegen did not write stands in the folder ${root}`,
        error,
      );
    case 'EMFILE':
    case 'ENFILE':
    case 'EBUSY':
    case 'EAGAIN':
    case 'EIO':
    case 'ESTALE':
    case 'ETIMEDOUT':
      return temporary(`${path} can't be read or written now (${code}): run again`, error);
    default:
      return error;
  }
}

export function isMissing(error: unknown): boolean {
  return codeOf(error) === 'ENOENT';
}

export function codeOf(error: unknown): string | undefined {
  return error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
}
