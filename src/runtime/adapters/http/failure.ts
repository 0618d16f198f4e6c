import type { ExitCode } from '../../../spec/exit-codes.ts';
import { StepError } from '../../errors.ts';

/**
 * A request that came to nothing. Made by hand and without a cause: axios puts the whole request, key included, into
 * its errors.
 */
export class HttpFailure extends StepError {
  /** Of the last answer; null where there was none. */
  readonly status: number | null;
  /** What the answer has at the path of an error rule, such as `rate_limit_reached`; null where it has nothing. */
  readonly code: string | null;

  constructor(exit: ExitCode, message: string, answer: { status: number | null; code: string | null }) {
    super(exit, message);
    this.status = answer.status;
    this.code = answer.code;
  }
}
