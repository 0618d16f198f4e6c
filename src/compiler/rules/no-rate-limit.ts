import { podPipelinesOf, type Rule } from './rule.ts';

export const noRateLimit: Rule = {
  name: 'no-rate-limit',
  severity: 'warning',
  category: 'efficiency',
  why: 'Requests follow each other as fast as the API answers. Most APIs allow a number of them in a time, refuse the rest, and some lock out who goes on. Asked for where pods make several requests.',
  bad: 'sources: { api: { rate_limit: null } }',
  good: 'sources: { api: { rate_limit: { requests: 5, per: 1s } } }',
  check(spec, report) {
    for (const { pipeline } of podPipelinesOf(spec)) {
      const { extract } = pipeline.settings;
      const source = pipeline.extractSource;
      if (extract === undefined || source?.kind !== 'http' || source.rate_limit !== undefined) continue;
      const { paginate, slices, for_each } = extract;
      if (paginate.kind === 'none' && slices === undefined && for_each === undefined) continue;
      report({
        message: `requests to "${extract.source}" know no limit`,
        layers: [['sources', extract.source]],
        path: [],
        want: 'key',
        help: 'add rate_limit: { requests: 5, per: 1s }, with what the API documents',
      });
    }
  },
};
