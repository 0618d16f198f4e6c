import { CHECKS } from '../../warehouse-tables/own-tables.ts';
import type { CheckRun } from '../ports/warehouse.ts';
import type { CheckResult } from '../receipt.ts';
import { type Dialect, type Place, tableName } from './dialect.ts';
import { Bound, type Statement } from './statement.ts';

/** Removes what an earlier try of this run recorded for the same partition and moment. */
export function forgetChecks(dialect: Dialect, place: Place, run: CheckRun): Statement {
  const bound = new Bound(dialect);
  const conditions = owner(run, bound).map(([name, value]) => `${dialect.identifier(name)} = ${value}`);
  return {
    doing: 'forget the checks of an earlier try',
    sql: `DELETE FROM ${tableName(dialect, place, CHECKS)} WHERE ${conditions.join(' AND ')}`,
    values: bound.values,
  };
}

export function recordCheck(dialect: Dialect, place: Place, run: CheckRun, result: CheckResult): Statement {
  const bound = new Bound(dialect);
  const made = [
    ...owner(run, bound),
    ['check_name', bound.as('text', result.name)],
    ['kind', bound.as('text', result.kind)],
    ['severity', bound.as('text', result.severity)],
    ['passed', bound.as('boolean', result.passed)],
    ['measured', bound.as('double', result.measured)],
    ['expected', bound.as('text', result.expected)],
    ['checked_at', dialect.now],
  ] as const;
  return {
    doing: `record the check ${result.name}`,
    sql: `INSERT INTO ${tableName(dialect, place, CHECKS)} (${made.map(([name]) => dialect.identifier(name)).join(', ')})
SELECT ${made.map(([, value]) => value).join(', ')}`,
    values: bound.values,
  };
}

function owner(run: CheckRun, bound: Bound): (readonly [column: string, value: string])[] {
  return [
    ['pipeline', bound.as('text', run.pipeline)],
    ['table_name', bound.as('text', run.table)],
    ['partition', bound.as('date', run.partition)],
    ['run_id', bound.as('text', run.runId)],
    ['stage', bound.as('text', run.when)],
  ];
}
