import type { Check } from '../../spec/check.ts';
import { fraction } from '../../spec/quantities.ts';
import type { ResolvedPipeline } from '../resolved.ts';
import type { Path } from '../source-file.ts';
import { pipelinesOf, type Rule } from './rule.ts';

export const checkThatCannotFail: Rule = {
  name: 'check-that-cannot-fail',
  severity: 'error',
  category: 'correctness',
  why: 'A check that every partition passes is read as a promise about the data, and is none.',
  bad: 'pipelines: { flights: { checks: [{ null_rate: { column: flight_date, max: 1% } }] } }',
  good: 'pipelines: { flights: { checks: [{ null_rate: { column: flight, max: 1% } }] } }',
  check(spec, report) {
    for (const { pipeline } of pipelinesOf(spec)) {
      for (const [index, check] of pipeline.settings.checks.entries()) {
        const idle = idleOf(check, pipeline);
        if (idle === undefined) continue;
        report({
          message: `this check can not fail: ${idle.reason}`,
          layers: pipeline.layers,
          path: ['checks', index, ...idle.path],
          help: 'give it a bound that bad data would break, or remove it',
        });
      }
    }
  },
};

/** Why no partition can fail the check, and where that is said. */
function idleOf(check: Check, { settings }: ResolvedPipeline): { reason: string; path: Path } | undefined {
  const { row_count, null_rate } = check;
  if (row_count?.min === 0 && row_count.max === undefined) {
    return { reason: 'no partition has fewer than 0 rows', path: ['row_count', 'min'] };
  }
  for (const kind of ['null_rate', 'duplicate_rate', 'referential', 'sql'] as const) {
    const max = check[kind]?.max;
    if (max !== undefined && fraction(max) >= 1) {
      return { reason: `no share is above ${max}`, path: [kind, 'max'] };
    }
  }
  const column = settings.columns?.[null_rate?.column ?? ''];
  if (null_rate === undefined || column === undefined) return undefined;
  const path = ['null_rate', 'column'];
  if (column.required) return { reason: `rows without "${null_rate.column}" are set aside before`, path };
  if (column.default !== undefined)
    return { reason: `"${null_rate.column}" has a default and is never null`, path };
  return undefined;
}
