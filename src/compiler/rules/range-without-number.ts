import { isOrdered } from '../../spec/column-type.ts';
import { pipelinesOf, type Rule } from './rule.ts';

export const rangeWithoutNumber: Rule = {
  name: 'range-without-number',
  severity: 'error',
  category: 'correctness',
  certain: true,
  why: 'min and max compare numbers, dates and times. On text they would compare letters, where "10" comes before "9".',
  bad: 'pipelines: { flights: { columns: { delay: { min: 0 } } } }',
  good: 'pipelines: { flights: { columns: { delay: { type: integer, min: 0 } } } }',
  check(spec, report) {
    for (const { pipeline } of pipelinesOf(spec)) {
      for (const [name, column] of Object.entries(pipeline.settings.columns ?? {})) {
        for (const bound of ['min', 'max'] as const) {
          if (column[bound] === undefined || isOrdered(column.type)) continue;
          report({
            message: `"${name}" is a ${column.type} and can’t have "${bound}"`,
            layers: pipeline.layers,
            path: ['columns', name, bound],
            want: 'key',
            help: 'give it the type of a number, a date or a time',
          });
        }
      }
    }
  },
};
