import { configuration } from '../../errors.ts';
import type { Measure } from '../../ports/measure.ts';
import type { Rows } from '../../receipt.ts';
import type { Plan } from './plan.ts';
import { exceeds } from './share.ts';

const ROWS: Measure = { kind: 'rows' };

/** Rows within bounds, one of which there is. */
export function rowCount(min: number | undefined, max: number | undefined, where: string | undefined): Plan {
  const least = min === undefined ? '' : `at least ${min}`;
  const most = max === undefined ? '' : `at most ${max}`;
  const bounds = min === max ? `exactly ${min}` : [least, most].filter((one) => one !== '').join(' and ');
  return {
    kind: 'row_count',
    name: 'row_count',
    measures: [{ ...ROWS, where }],
    judge: ([measured]) => {
      const rows = Number(measured);
      return {
        passed: rows >= (min ?? 0) && rows <= (max ?? Number.POSITIVE_INFINITY),
        measured: rows,
        expected: `${bounds}${among(where)}`,
      };
    },
  };
}

/** A share of the rows that are looked at. */
export function share(kind: string, about: readonly string[], max: string, measure: Measure): Plan {
  return {
    kind,
    name: `${kind}(${about.join(', ')})`,
    measures: [measure, { ...ROWS, where: measure.where }],
    offenders: measure,
    about,
    judge: ([counted, all]) => {
      const [count, rows] = [Number(counted), Number(all)];
      return {
        passed: !exceeds(count, rows, max),
        measured: rows === 0 ? 0 : count / rows,
        expected: `at most ${max}${among(measure.where)}`,
      };
    },
  };
}

/** Rows that a query of the author returns. */
export function query(name: string, text: string, max: number): Plan {
  const measure: Measure = { kind: 'offending', query: text };
  return {
    kind: 'sql',
    name: `sql(${name})`,
    measures: [measure],
    offenders: measure,
    judge: ([counted]) => {
      const rows = Number(counted);
      return {
        passed: rows <= max,
        measured: rows,
        expected: max === 0 ? 'no row' : `at most ${max} rows`,
      };
    },
  };
}

/** Of which rows a bound speaks. */
function among(where: string | undefined): string {
  return where === undefined ? '' : ` where ${where.trim().replace(/\s+/g, ' ')}`;
}

/** All rows, those that upload set aside included, against the API's total. `loaded`: instead of those in the table. */
export function reconciled(
  rows: Rows,
  total: number | null,
  tolerance: string,
  loaded: number | undefined,
): Plan {
  if (total === null) {
    throw configuration(
      'the check reconcile has nothing to compare with, since the API named no total: remove it, or say in extract.paginate.total where the total is',
    );
  }
  return {
    kind: 'reconcile',
    name: 'reconcile',
    measures: loaded === undefined ? [ROWS] : [],
    judge: ([counted]) => {
      const made = (loaded ?? Number(counted)) + rows.quarantined + rows.duplicates + rows.filtered;
      const missing = Math.abs(made - (rows.expanded ?? 0) - total);
      return {
        passed: !exceeds(missing, total, tolerance),
        measured: total === 0 ? missing : missing / total,
        expected: `at most ${tolerance} off the API's total of ${total}`,
      };
    },
  };
}
