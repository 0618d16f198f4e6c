import type { Logger } from 'pino';
import { EXIT } from '../../../spec/exit-codes.ts';
import { badData, StepError, temporary } from '../../errors.ts';
import type { CheckRun, Relation, Warehouse } from '../../ports/warehouse.ts';
import type { CheckResult } from '../../receipt.ts';
import type { PlannedCheck } from './plan.ts';

/** Counts in one scan, judges, records in `_pipegen_checks` and logs; a check that fails is in the results. */
export async function runChecks(
  warehouse: Warehouse,
  relation: Relation,
  planned: readonly PlannedCheck[],
  run: CheckRun,
  log: Logger,
): Promise<CheckResult[]> {
  const measures = planned.flatMap((check) => check.measures);
  const counts = await warehouse.measure(relation, measures).catch((error: unknown) => {
    if (!(error instanceof StepError) || error.exit !== EXIT.defect) throw error;
    // Not to be taken for bad data: nothing was found out.
    throw temporary(`the checks of ${run.partition} could not run: ${error.message}`, error);
  });
  let at = 0;
  const results = planned.map(({ name, kind, when, severity, measures: own, judge }): CheckResult => {
    const verdict = judge(counts.slice(at, at + own.length));
    at += own.length;
    return { name, kind, when, severity, ...verdict };
  });
  await warehouse.recordChecks(run, results);
  for (const result of results) {
    const level = result.passed ? 'info' : result.severity === 'error' ? 'error' : 'warn';
    log[level]({ event: 'check', partition: run.partition, ...result }, sentence(result));
  }
  return results;
}

/** Throws `badData` when a check of severity error failed; `consequence` says what that means for the table. */
export function refuseFailed(results: readonly CheckResult[], partition: string, consequence: string): void {
  const failed = results.filter(({ passed, severity }) => !passed && severity === 'error');
  if (failed.length === 0) return;
  throw badData(`${partition}: ${failed.map(sentence).join('; ')}. ${consequence}`);
}

function sentence({ name, passed, measured, expected }: CheckResult): string {
  return `check ${name} ${passed ? 'passed' : 'failed'}: measured ${Number(measured.toPrecision(6))}, expected ${expected}`;
}
