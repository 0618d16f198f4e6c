import { EXIT } from '../../../spec/exit-codes.ts';
import type { StepContext } from '../../context.ts';
import { StepError } from '../../errors.ts';
import type { SampleRow } from '../../ports/measure.ts';
import type { Relation, Warehouse } from '../../ports/warehouse.ts';
import type { PlannedCheck } from './plan.ts';

/** Characters of a value that are shown. */
const LONGEST = 60;
/** Columns of a row that a query of the author returns. */
const WIDEST = 8;

/** A few of the rows that a check found fault with. That they can't be had changes nothing about its verdict. */
export async function sampleOf(
  context: StepContext,
  warehouse: Warehouse,
  relation: Relation,
  { name, offenders, shown }: PlannedCheck,
): Promise<SampleRow[]> {
  if (offenders === undefined) return [];
  try {
    const rows = await warehouse.sample(relation, offenders, shown);
    return rows.map((row) => {
      const values = Object.entries(row).slice(0, WIDEST);
      return Object.fromEntries(values.map(([column, value]) => [column, short(context, value)]));
    });
  } catch (error) {
    if (error instanceof StepError && error.exit === EXIT.stopped) throw error;
    context.log.warn({ err: error, event: 'check_sample' }, `no rows of the check ${name} could be shown`);
    return [];
  }
}

function short({ redact }: StepContext, value: string | null): string | null {
  if (value === null) return null;
  // One line, and nothing that moves a terminal's cursor or turns its text around.
  const clean = [...redact(value).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')];
  return clean.length <= LONGEST ? clean.join('') : `${clean.slice(0, LONGEST - 1).join('')}…`;
}
