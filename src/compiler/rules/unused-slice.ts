import { placeholders } from '../../spec/template.ts';
import { pipelinesOf, type Rule } from './rule.ts';
import { sliceName } from './unknown-placeholder.ts';

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
      const slice = sliceName(extract?.slices);
      if (extract === undefined || slice === undefined) continue;
      const used = [extract.path, ...Object.values(extract.query)].flatMap(placeholders);
      if (used.some(({ expression }) => expression === `slice.${slice}`)) continue;
      report({
        message: `no request uses the slice "${slice}"`,
        layers: pipeline.layers,
        path: ['extract', 'slices', slice],
        want: 'key',
        help: `put "\${slice.${slice}}" into path or query`,
      });
    }
  },
};
