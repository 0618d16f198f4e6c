import { isOrdered } from '../../spec/column-type.ts';
import type { Pipeline } from '../../spec/pipeline.ts';
import { fraction } from '../../spec/quantities.ts';
import { pipelinesOf, type Rule } from './rule.ts';

export const allRowsDiscarded: Rule = {
  name: 'all-rows-discarded',
  severity: 'warning',
  category: 'correctness',
  why: 'Rules that no row can meet, or a share of 100% bad rows with nothing that ends the run, leave an empty table behind a green run.',
  bad: 'pipelines: { flights: { contract: { bad_rows: discard, max_bad_rows: 100% } } }',
  good: 'pipelines: { flights: { contract: { bad_rows: discard, max_bad_rows: 5% } } }',
  check(spec, report) {
    for (const { pipeline } of pipelinesOf(spec)) {
      const { contract, columns } = pipeline.settings;
      if (contract.bad_rows !== 'fail' && fraction(contract.max_bad_rows) >= 1) {
        report({
          message: `every row may be bad and be ${contract.bad_rows === 'discard' ? 'thrown away' : 'set aside'}`,
          layers: pipeline.layers,
          path: ['contract', 'max_bad_rows'],
          help: 'write the share that you would accept, such as 5%',
        });
      }
      for (const [name, column] of Object.entries(columns ?? {})) {
        const impossible = impossibleIn(column);
        if (impossible === undefined) continue;
        report({
          message: `no value of "${name}" is accepted: ${impossible.reason}`,
          layers: pipeline.layers,
          path: ['columns', name, impossible.key],
          help: 'correct one of the two',
        });
      }
    }
  },
};

type Column = NonNullable<Pipeline['columns']>[string];

function impossibleIn({ type, min, max, accepted, null_if, required }: Column) {
  if (min !== undefined && max !== undefined && isOrdered(type) && isAbove(min, max)) {
    return { key: 'min', reason: `min is above max` };
  }
  if (required && accepted?.every((value) => null_if.includes(value)) === true) {
    return { key: 'accepted', reason: 'null_if takes all of accepted for nothing' };
  }
  return undefined;
}

/** Texts are dates and times, which sort as they are written, or numbers beyond a double. */
function isAbove(min: string | number, max: string | number): boolean {
  const [low, high] = [Number(min), Number(max)];
  return Number.isNaN(low) || Number.isNaN(high) ? String(min) > String(max) : low > high;
}
