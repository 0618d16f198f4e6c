import { textsOfRequest } from '../../spec/request.ts';
import { placeholders } from '../../spec/template.ts';
import { pipelinesOf, type Rule } from './rule.ts';

export const unusedParent: Rule = {
  name: 'unused-parent',
  severity: 'error',
  category: 'correctness',
  certain: true,
  why: 'for_each reads a list for each parent. Where no request names the parent they are all the same list, and every row of it would stand there once for each parent.',
  bad: 'pipelines: { flights: { extract: { for_each: { as: airline, path: /airlines } } } }',
  good: 'pipelines: { flights: { extract: { path: "/airlines/${airline.iata}/flights", for_each: { as: airline, path: /airlines } } } }',
  check(spec, report) {
    for (const { pipeline } of pipelinesOf(spec)) {
      const { extract } = pipeline.settings;
      if (extract?.for_each === undefined) continue;
      const { as } = extract.for_each;
      const used = textsOfRequest(extract).flatMap(({ text }) => placeholders(text));
      if (used.some(({ expression }) => expression.startsWith(`${as}.`))) continue;
      report({
        message: `no request uses a field of "${as}"`,
        layers: pipeline.layers,
        path: ['extract', 'for_each', 'as'],
        help: `put a field of it into path or query, such as "\${${as}.id}"`,
      });
    }
  },
};
