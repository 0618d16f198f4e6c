import { pipelinesOf, type Rule } from './rule.ts';

const NUMBERS = ['integer', 'double'];

export const rangeWithoutNumber: Rule = {
  name: 'range-without-number',
  severity: 'error',
  category: 'correctness',
  why: 'min and max compare numbers. On text they would compare letters, where "10" comes before "9".',
  bad: 'pipelines: { flights: { columns: { delay: { min: 0 } } } }',
  good: 'pipelines: { flights: { columns: { delay: { type: integer, min: 0 } } } }',
  check(spec, report) {
    for (const { pipeline } of pipelinesOf(spec)) {
      for (const [name, column] of Object.entries(pipeline.settings.columns ?? {})) {
        for (const bound of ['min', 'max'] as const) {
          if (column[bound] === undefined || NUMBERS.includes(column.type)) continue;
          report({
            message: `"${name}" is a ${column.type} and can’t have "${bound}"`,
            layers: pipeline.layers,
            path: ['columns', name, bound],
            want: 'key',
            help: 'give it the type integer or double',
          });
        }
      }
    }
  },
};
