import { isOrdered } from '../../spec/column-type.ts';
import { isValueOfType } from '../../spec/value-of-type.ts';
import type { Path } from '../source-file.ts';
import { pipelinesOf, type Rule } from './rule.ts';

type Written = [path: Path, value: string | number | boolean | undefined, type: string];

export const valueOfAnotherType: Rule = {
  name: 'value-of-another-type',
  severity: 'error',
  category: 'correctness',
  certain: true,
  why: 'A default, an accepted value or a bound that is not of its column’s type could never be met. The upload would end with code 78, after the API was paid for.',
  bad: 'pipelines: { flights: { columns: { delay: { type: integer, accepted: ["0", none] } } } }',
  good: 'pipelines: { flights: { columns: { delay: { type: integer, accepted: ["0", "15"] } } } }',
  check(spec, report) {
    for (const { pipeline } of pipelinesOf(spec)) {
      for (const [name, { type, accepted = [], default: value, min, max }] of Object.entries(
        pipeline.settings.columns ?? {},
      )) {
        // Half a number is a bound of whole ones too; a bound of a type without an order is a finding of its own.
        const bounded = ['integer', 'bigint'].includes(type) ? 'double' : type;
        const bounds = isOrdered(type) ? [['min', min] as const, ['max', max] as const] : [];
        const written: Written[] = [
          ...accepted.map((one, index): Written => [['accepted', index], one, type]),
          ...[['default', value] as const].map(([key, one]): Written => [[key], one, type]),
          ...bounds.map(([key, one]): Written => [[key], one, bounded]),
        ];
        for (const [path, one, wanted] of written) {
          if (one === undefined || isValueOfType(wanted, one)) continue;
          report({
            message: `"${one}" is not a value of ${type}, the type of "${name}"`,
            layers: pipeline.layers,
            path: ['columns', name, ...path],
            help: 'correct the value or the type of the column',
          });
        }
      }
    }
  },
};
