import { pipelinesOf, type Rule } from './rule.ts';

export const requestWithoutPath: Rule = {
  name: 'request-without-path',
  severity: 'error',
  category: 'correctness',
  certain: true,
  why: 'A request to an http source is the source’s base_url and the extract’s path. Without the path the step could only fail.',
  bad: 'pipelines: { flights: { extract: { path: null } } }',
  good: 'pipelines: { flights: { extract: { path: /flights } } }',
  check(spec, report) {
    for (const { pipeline } of pipelinesOf(spec)) {
      const { extract } = pipeline.settings;
      if (pipeline.extractSource?.kind !== 'http' || extract === undefined || extract.path !== undefined)
        continue;
      report({
        message: `"${pipeline.name}" reads from an http source and says no path`,
        layers: pipeline.layers,
        path: ['extract'],
        want: 'key',
        help: 'add extract.path, such as "/orders"; "/" for the base_url itself',
      });
    }
  },
};
