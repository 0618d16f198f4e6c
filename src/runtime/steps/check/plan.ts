import type { Check } from '../../../spec/check.ts';
import { configuration } from '../../errors.ts';
import type { Measure } from '../../ports/warehouse.ts';
import type { CheckResult, Rows } from '../../receipt.ts';
import { exceeds } from './share.ts';

/** What checks look at besides the table. */
export interface Accounted {
  readonly rows: Rows;
  /** The API's total; null where it named none. */
  readonly total: number | null;
}

/** A check ready to run: what to count, and what the counts mean. */
export interface PlannedCheck extends Pick<CheckResult, 'name' | 'kind' | 'when' | 'severity'> {
  readonly measures: readonly Measure[];
  judge(counts: readonly number[]): Pick<CheckResult, 'passed' | 'measured' | 'expected'>;
}

type Plan = Pick<PlannedCheck, 'name' | 'kind' | 'measures' | 'judge'>;

const ROWS: Measure = { kind: 'rows' };

/** The checks of one moment, in their order, each under a name of its own. */
export function planChecks(
  checks: readonly Check[],
  when: Check['when'],
  columns: readonly string[],
  accounted: Accounted,
): PlannedCheck[] {
  const used = new Map<string, number>();
  return checks
    .filter((check) => check.when === when)
    .map((check) => {
      const plan = planOf(check, columns, accounted);
      const before = used.get(plan.name) ?? 0;
      used.set(plan.name, before + 1);
      const name = before === 0 ? plan.name : `${plan.name}#${before + 1}`;
      return { ...plan, name, when, severity: check.severity };
    });
}

function planOf(check: Check, columns: readonly string[], accounted: Accounted): Plan {
  const { row_count, null_rate, duplicate_rate, reconcile } = check;
  if (row_count !== undefined) return rowCount(row_count.min, row_count.max);
  if (null_rate !== undefined) return nullRate(known(null_rate.column, columns), null_rate.max);
  if (duplicate_rate !== undefined) {
    return duplicateRate(
      duplicate_rate.columns.map((column) => known(column, columns)),
      duplicate_rate.max,
    );
  }
  if (reconcile !== undefined) return reconciled(accounted, reconcile.tolerance);
  throw configuration('a check of the job has no kind: build the DAG again with `pipegen build`');
}

function known(column: string, columns: readonly string[]): string {
  if (columns.includes(column)) return column;
  throw configuration(`a check names the column "${column}", which the pipeline does not have`);
}

/** As many rows as the load's receipt says: what a load that lost its way, or another writer, would change. */
export function rowsAsLoaded(loaded: number): PlannedCheck {
  const plan = rowCount(loaded, loaded);
  return { ...plan, name: 'rows_as_loaded', when: 'after_load', severity: 'error' };
}

function rowCount(min: number | undefined, max: number | undefined): Plan {
  const least = min === undefined ? '' : `at least ${min}`;
  const most = max === undefined ? '' : `at most ${max}`;
  return {
    name: 'row_count',
    kind: 'row_count',
    measures: [ROWS],
    judge: ([rows = 0]) => ({
      passed: rows >= (min ?? 0) && rows <= (max ?? Number.POSITIVE_INFINITY),
      measured: rows,
      expected: min === max ? `exactly ${min}` : [least, most].filter((one) => one !== '').join(' and '),
    }),
  };
}

function nullRate(column: string, max: string): Plan {
  return share('null_rate', [column], max, { kind: 'nulls', column });
}

function duplicateRate(columns: readonly string[], max: string): Plan {
  return share('duplicate_rate', columns, max, { kind: 'duplicates', columns });
}

function share(kind: string, columns: readonly string[], max: string, measure: Measure): Plan {
  return {
    name: `${kind}(${columns.join(', ')})`,
    kind,
    measures: [measure, ROWS],
    judge: ([count = 0, rows = 0]) => ({
      passed: !exceeds(count, rows, max),
      measured: rows === 0 ? 0 : count / rows,
      expected: `at most ${max}`,
    }),
  };
}

function reconciled({ rows, total }: Accounted, tolerance: string): Plan {
  if (total === null) {
    throw configuration(
      'the check reconcile has nothing to compare with, since the API named no total: remove it, or say in extract.paginate.total where the total is',
    );
  }
  return {
    name: 'reconcile',
    kind: 'reconcile',
    measures: [ROWS],
    judge: ([counted = 0]) => {
      const made = counted + rows.quarantined + rows.duplicates + rows.filtered;
      const missing = Math.abs(made - (rows.expanded ?? 0) - total);
      return {
        passed: !exceeds(missing, total, tolerance),
        measured: total === 0 ? missing : missing / total,
        expected: `at most ${tolerance} off the API's total of ${total}`,
      };
    },
  };
}
