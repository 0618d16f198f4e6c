import { EXIT } from '../../../spec/exit-codes.ts';
import type { StepContext } from '../../context.ts';
import { badData, configuration, StepError, temporary } from '../../errors.ts';
import type { Measured } from '../../ports/measure.ts';
import type { CheckRun, Relation, Warehouse } from '../../ports/warehouse.ts';
import type { CheckResult } from '../../receipt.ts';
import type { PlannedCheck } from './plan.ts';
import { sampleOf } from './sample.ts';

/** Measures in one scan, judges, records in `_pipegen_checks` and logs; a check that fails is in the results. */
export async function runChecks(
  context: StepContext,
  warehouse: Warehouse,
  relation: Relation,
  planned: readonly PlannedCheck[],
  run: CheckRun,
): Promise<CheckResult[]> {
  const measured = await measure(warehouse, relation, planned, run.partition);
  const compared = [...new Set(planned.flatMap(({ compares = [] }) => compares))];
  const volumes = compared.length === 0 ? [] : await warehouse.volumes(run.table, compared);
  const results: CheckResult[] = [];
  for (const check of planned) {
    const { name, kind, when, severity, compares = [] } = check;
    const verdict = check.judge(
      measured.get(check) ?? [],
      volumes.filter(({ partition }) => compares.includes(partition)),
    );
    const sample = verdict.passed ? [] : await sampleOf(context, warehouse, relation, check);
    results.push({ name, kind, when, severity, ...verdict, ...(sample.length === 0 ? {} : { sample }) });
  }
  await warehouse.recordChecks(run, results);
  for (const result of results) {
    const level = result.passed ? 'info' : result.severity === 'error' ? 'error' : 'warn';
    context.log[level]({ event: 'check', partition: run.partition, ...result }, sentence(result));
  }
  return results;
}

async function measure(
  warehouse: Warehouse,
  relation: Relation,
  planned: readonly PlannedCheck[],
  partition: string,
): Promise<Map<PlannedCheck, Measured[]>> {
  const measures = planned.flatMap((check) => check.measures);
  const all = await warehouse.measure(relation, measures).catch(async (error: unknown) => {
    if (!(error instanceof StepError) || !NOT_MEASURED.includes(error.exit)) throw error;
    // They share a scan: which of them is at fault is seen one by one.
    for (const { name, measures: own } of planned.filter(({ authored }) => authored)) {
      await warehouse.measure(relation, own).catch((cause: unknown) => {
        if (!(cause instanceof StepError) || !NOT_MEASURED.includes(cause.exit)) throw cause;
        throw configuration(
          `the check ${name} of ${partition} could not run: ${cause.message}. Nothing was found out about the data: mend the SQL or the names in this check`,
          cause,
        );
      });
    }
    if (error.exit === EXIT.configuration) throw error;
    // Not to be taken for bad data: nothing was found out.
    throw temporary(`the checks of ${partition} could not run: ${error.message}`, error);
  });
  let at = 0;
  return new Map(
    planned.map((check) => {
      const own = all.slice(at, at + check.measures.length);
      at += own.length;
      return [check, own];
    }),
  );
}

/** What a warehouse says of SQL that it cannot run, or of values that the SQL cannot take. */
const NOT_MEASURED: readonly number[] = [EXIT.defect, EXIT.badData, EXIT.configuration];

/** Throws `badData` when a check of severity error failed; `consequence` says what that means for the table. */
export function refuseFailed(results: readonly CheckResult[], partition: string, consequence: string): void {
  const failed = results.filter(({ passed, severity }) => !passed && severity === 'error');
  if (failed.length === 0) return;
  throw badData(`${partition}: ${failed.map(sentence).join('; ')}. ${consequence}`);
}

function sentence({ name, passed, measured, expected, note, sample }: CheckResult): string {
  const found = measured === null ? 'nothing' : String(Number(measured.toPrecision(6)));
  const [row] = sample ?? [];
  const values = Object.entries(row ?? {}).map(([column, value]) => `${column} ${value ?? 'null'}`);
  return [
    `check ${name} ${passed ? 'passed' : 'failed'}: measured ${found}`,
    `expected ${expected}`,
    ...(note === undefined ? [] : [note]),
    ...(values.length === 0 ? [] : [`such as the row with ${values.join(', ')}`]),
  ].join(', ');
}
