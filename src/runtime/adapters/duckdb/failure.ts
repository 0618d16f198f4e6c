import { EXIT } from '../../../spec/exit-codes.ts';
import { badData, configuration, StepError, temporary } from '../../errors.ts';

/** DuckDB's errors carry no code: what they are is told by the beginning of their text, and by the system's words. */
const MEANINGS: readonly {
  readonly pattern: RegExp;
  readonly make: (message: string, cause: unknown) => StepError;
}[] = [
  { pattern: /^IO Error: Could not set lock|Conflicting lock/, make: temporary },
  { pattern: /No space left on device|Disk quota exceeded/i, make: temporary },
  { pattern: /max_temp_directory_size/, make: temporary },
  {
    pattern: /^Out of Memory Error/,
    make: (message, cause) => configuration(`${message}: give the step more memory`, cause),
  },
  {
    pattern: /Permission denied|Read-only file system|Operation not permitted|read-only mode/i,
    make: configuration,
  },
  {
    pattern: /is not a valid DuckDB database|Is a directory|No such file or directory/i,
    make: configuration,
  },
  { pattern: /^TransactionContext Error|^Transaction conflict|^Write-write conflict/i, make: temporary },
  { pattern: /^(Constraint|Conversion|Out of Range) Error|Malformed JSON/, make: badData },
];

/** What a failure of DuckDB means for the step; `doing` says what was tried, such as `load flights`. */
export function duckdbFailure(error: unknown, doing: string): StepError {
  if (error instanceof StepError) return error;
  const text = error instanceof Error ? error.message : String(error);
  const first = text.split('\n')[0] ?? '';
  const meaning = MEANINGS.find(({ pattern }) => pattern.test(text));
  return (
    meaning?.make(`${doing}: ${first}`, error) ??
    new StepError(EXIT.defect, `${doing}: ${first}`, { cause: error })
  );
}

export function isLockConflict(error: unknown): boolean {
  return error instanceof Error && /Could not set lock|Conflicting lock/.test(error.message);
}
