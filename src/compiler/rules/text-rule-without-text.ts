import { pipelinesOf, type Rule } from './rule.ts';

export const textRuleWithoutText: Rule = {
  name: 'text-rule-without-text',
  severity: 'error',
  category: 'correctness',
  certain: true,
  why: 'A pattern and a length are of texts. What another type looks like as text depends on the engine.',
  bad: 'pipelines: { flights: { columns: { delay: { type: integer, max_length: 3 } } } }',
  good: 'pipelines: { flights: { columns: { gate: { pattern: "[A-Z][0-9]+", max_length: 3 } } } }',
  check(spec, report) {
    for (const { pipeline } of pipelinesOf(spec)) {
      for (const [name, column] of Object.entries(pipeline.settings.columns ?? {})) {
        for (const rule of ['pattern', 'max_length'] as const) {
          if (column[rule] === undefined || column.type === 'string') continue;
          report({
            message: `"${name}" is a ${column.type} and can’t have "${rule}"`,
            layers: pipeline.layers,
            path: ['columns', name, rule],
            want: 'key',
            help: 'use min and max or accepted, or give it the type string',
          });
        }
      }
    }
  },
};
