import type { Check } from '../../../spec/check.ts';
import { shapeOf } from '../../../spec/column-type.ts';
import type { Job } from '../../../spec/job.ts';
import { configuration } from '../../errors.ts';
import type { Measure, Measured, Volume } from '../../ports/measure.ts';
import type { WarehouseColumn } from '../../ports/warehouse.ts';
import type { CheckResult, Rows } from '../../receipt.ts';
import { freshness } from './freshness.ts';
import { query, reconciled, rowCount, share } from './kinds.ts';
import { volumeAnomaly } from './volume-anomaly.ts';

/** What is checked, and what is known of it besides the table. */
interface Subject {
  readonly partition: string;
  readonly columns: readonly WarehouseColumn[];
  readonly rows: Rows;
  /** The API's total; null where it named none. */
  readonly total: number | null;
}

type Verdict = Pick<CheckResult, 'passed' | 'measured' | 'expected' | 'note'>;

/** What to find out, and what it means. */
export interface Plan extends Pick<CheckResult, 'kind' | 'name'> {
  readonly measures: readonly Measure[];
  /** Partitions whose volumes it compares with. */
  readonly compares?: readonly string[];
  /** The rows to show where it fails. */
  readonly offenders?: Measure;
  /** Columns that it is about. */
  readonly about?: readonly string[];
  /** @param measured in the order of `measures` */
  judge(measured: readonly Measured[], volumes: readonly Volume[]): Verdict;
}

/** A check ready to run. */
export interface PlannedCheck extends Plan, Pick<CheckResult, 'when' | 'severity'> {
  /** Columns of a row that offends, for a person to find it by. */
  readonly shown: readonly string[];
  /** Whether SQL or a table that the author named is part of it. */
  readonly authored: boolean;
}

/** Columns of a row that are shown. */
const SHOWN = 8;

/** The checks of one moment, in their order, each under a name of its own. */
export function planChecks(job: Job, when: Check['when'], subject: Subject): PlannedCheck[] {
  const used = new Map<string, number>();
  return job.checks
    .filter((check) => check.when === when)
    .map((check): PlannedCheck => {
      const plan = planOf(check, job, subject);
      const before = used.get(plan.name) ?? 0;
      used.set(plan.name, before + 1);
      return {
        ...plan,
        name: before === 0 ? plan.name : `${plan.name}#${before + 1}`,
        when,
        severity: check.severity,
        shown: shownOf(job, subject, plan.about ?? [], [check.where, check.sql?.condition]),
        authored: (check.where ?? check.sql ?? check.referential) !== undefined,
      };
    });
}

function planOf(check: Check, job: Job, subject: Subject): Plan {
  const { row_count, null_rate, duplicate_rate, reconcile, volume_anomaly, referential, sql, where } = check;
  const known = (column: string) => columnOf(column, subject).name;
  if (row_count !== undefined) return rowCount(row_count.min, row_count.max, where);
  if (null_rate !== undefined) {
    const column = known(null_rate.column);
    return share('null_rate', [column], null_rate.max, { kind: 'nulls', column, where });
  }
  if (duplicate_rate !== undefined) {
    const columns = duplicate_rate.columns.map(known);
    return share('duplicate_rate', columns, duplicate_rate.max, { kind: 'duplicates', columns, where });
  }
  if (check.freshness !== undefined) {
    const column = columnOf(check.freshness.column, subject);
    const { partition } = subject;
    return freshness(column, check.freshness.max, partition, job.timezone, where);
  }
  if (volume_anomaly !== undefined) return volumeAnomaly(volume_anomaly, subject.partition, subject.rows);
  if (referential !== undefined) {
    const { table, max } = referential;
    const columns = referential.columns.map(known);
    const references = referential.references ?? columns;
    const measure: Measure = { kind: 'orphans', columns, table, references, where };
    const plan = share('referential', columns, max, measure);
    return { ...plan, name: `referential(${columns.join(', ')} in ${table})` };
  }
  if (sql?.condition !== undefined) {
    const measure: Measure = { kind: 'breaches', condition: sql.condition, where };
    return { ...share('sql', [], sql.max ?? '0%', measure), name: `sql(${sql.name})` };
  }
  if (sql?.query !== undefined) return query(sql.name, sql.query, sql.max_rows ?? 0);
  if (reconcile !== undefined) {
    const { rows, total } = subject;
    // A merged table keeps newer rows of other loads: those of this one can be told before it only.
    const merged = check.when === 'after_load' && job.load?.mode === 'merge';
    return reconciled(rows, total, reconcile.tolerance, merged ? rows.published : undefined);
  }
  throw configuration('a check of the job has no kind: build the DAG again with `pipegen build`');
}

function columnOf(name: string, { columns }: Subject): WarehouseColumn {
  const column = columns.find((one) => one.name === name);
  if (column !== undefined) return column;
  throw configuration(`a check names the column "${name}", which the pipeline does not have`);
}

/** The key first, then what the check is about; where there is neither, the first columns. */
function shownOf(
  job: Job,
  { columns }: Subject,
  about: readonly string[],
  texts: readonly (string | undefined)[],
): string[] {
  const words = new Set(texts.flatMap((text) => text?.toLowerCase().match(/[a-z_][a-z0-9_]*/g) ?? []));
  const simple = columns
    .filter(({ type }) => !['json', 'list'].includes(shapeOf(type).kind))
    .map(({ name }) => name);
  const named = simple.filter((name) => words.has(name));
  const wanted = [...new Set([...(job.key?.columns ?? []), ...about, ...named])];
  const found = wanted.filter((name) => simple.includes(name));
  return (found.length === 0 ? simple : found).slice(0, SHOWN);
}

/** As many rows as the load's receipt says: what a load that lost its way, or another writer, would change. */
export function rowsAsLoaded(loaded: number): PlannedCheck {
  return {
    ...rowCount(loaded, loaded, undefined),
    name: 'rows_as_loaded',
    when: 'after_load',
    severity: 'error',
    shown: [],
    authored: false,
  };
}
