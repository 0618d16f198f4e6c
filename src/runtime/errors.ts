import { EXIT, type ExitCode } from '../spec/exit-codes.ts';

/** A failure whose meaning is known: what Airflow shall do about it is its exit code. */
export class StepError extends Error {
  override readonly name = 'StepError';
  readonly exit: ExitCode;

  constructor(exit: ExitCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.exit = exit;
  }
}

/** A retry may mend it: network, 5xx, rate limit, lock, warehouse away. */
export function temporary(message: string, cause?: unknown): StepError {
  return new StepError(EXIT.temporary, message, { cause });
}

/** The data breaks what was agreed: contract, check, dbt test, an empty answer. */
export function badData(message: string, cause?: unknown): StepError {
  return new StepError(EXIT.badData, message, { cause });
}

/** A person must change something first: configuration, credentials, quota. */
export function configuration(message: string, cause?: unknown): StepError {
  return new StepError(EXIT.configuration, message, { cause });
}

/** Ended because the process was asked to stop. */
export function stopped(message = 'stopped by a signal'): StepError {
  return new StepError(EXIT.stopped, message);
}
