const MEANINGS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the disk is read-only',
  ENOSPC: 'no space left on the disk',
  EDQUOT: 'no space left of the quota',
  ENOTDIR: 'a file stands where a folder must be',
  EEXIST: 'a file stands where a folder must be',
  EISDIR: 'a folder stands where a file must be',
  ELOOP: 'a link leads to itself',
  ENAMETOOLONG: 'the path is too long',
};

/** The disk refused; the message says what, where and why, for people. */
export class OutputError extends Error {
  override readonly name = 'OutputError';
}

/** Runs what touches the disk; an error of the system becomes an `OutputError` that names the path. */
export function atPath<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === undefined || error instanceof OutputError) throw error;
    const meaning = MEANINGS[code] ?? 'the system refused';
    const message = `can not read or write ${path}: ${meaning} (${code}); mend that and start again`;
    throw new OutputError(message, { cause: error });
  }
}
