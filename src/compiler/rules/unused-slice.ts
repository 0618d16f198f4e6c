import { textsOfExtract } from '../../spec/extract.ts';
import { sliceExpressions, sliceName } from '../../spec/slices.ts';
import { placeholders } from '../../spec/template.ts';
import { pipelinesOf, type Rule } from './rule.ts';

export const unusedSlice: Rule = {
  name: 'unused-slice',
  severity: 'error',
  category: 'correctness',
  why: 'A slice that no request uses asks the API the same thing once for each of its values: every row arrives several times and each copy is paid for.',
  bad: 'pipelines: { flights: { extract: { query: { airline: AA } } } }',
  good: 'pipelines: { flights: { extract: { query: { airline: "${slice.airline}" } } } }',
  check(spec, report) {
    for (const { pipeline } of pipelinesOf(spec)) {
      const { extract } = pipeline.settings;
      // A handler is given the slice; what it does with it is its own.
      if (extract?.slices === undefined || pipeline.extractSource?.kind === 'handler') continue;
      const expressions = sliceExpressions(extract.slices);
      const used = textsOfExtract(extract).flatMap(({ text }) => placeholders(text));
      if (used.some(({ expression }) => expressions.includes(expression))) continue;
      const name = sliceName(extract.slices) ?? 'window';
      report({
        message: `no request uses the slice "${name}"`,
        layers: pipeline.layers,
        path: ['extract', 'slices', name],
        want: 'key',
        help: `put ${expressions.map((expression) => `"\${${expression}}"`).join(' and ')} into path or query`,
      });
    }
  },
};
