import { EXIT } from '../../../spec/exit-codes.ts';
import { StepError } from '../../errors.ts';

/** The budget is used up: a person must raise it or ask for less. */
export class BudgetSpent extends StepError {
  constructor(message: string) {
    super(EXIT.configuration, message);
  }
}

/** Requests that a run may still make, over all its slices, partitions and tries. */
export interface Budget {
  /** Counts one request, or throws `BudgetSpent`; `last` is what became of the request before. */
  spend(last: string | undefined): void;
}

export function createBudget(
  limits: { source: number; extract: number | undefined; shares?: number },
  usedBefore: number,
): Budget {
  const own = limits.extract !== undefined && limits.extract < limits.source;
  const limit = own && limits.extract !== undefined ? limits.extract : limits.source;
  const shared = limits.shares === undefined ? '' : ` that one of ${limits.shares} groups has`;
  let used = usedBefore;
  return {
    spend(last) {
      if (used >= limit) {
        const earlier = usedBefore > 0 ? `, ${usedBefore} of them by earlier tries of this run` : '';
        const because = last === undefined ? '' : ` The last answer: ${last}.`;
        const key = own ? 'max_requests of the extract' : 'max_requests of the source';
        throw new BudgetSpent(
          `the budget of ${limit} requests${shared} is used up${earlier}.${because} Raise ${key}, or read less`,
        );
      }
      used += 1;
    },
  };
}
