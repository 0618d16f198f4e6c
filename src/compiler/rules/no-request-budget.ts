import { isWritten, podPipelinesOf, type Rule } from './rule.ts';

export const noRequestBudget: Rule = {
  name: 'no-request-budget',
  severity: 'error',
  category: 'efficiency',
  why: 'An API that is paid by the call bills whatever a loop, a retry or a long backfill asks for. A budget of our own ends the run before that; the built-in one of 1,000 requests knows nothing of your plan. Asked for where pods run the pipeline.',
  bad: 'sources: { api: { max_requests: null } }',
  good: `sources: { api: { max_requests: null } }
pipelines: { flights: { extract: { max_requests: 50 } } }`,
  check(spec, report) {
    for (const { pipeline } of podPipelinesOf(spec)) {
      const { extract } = pipeline.settings;
      if (extract === undefined || pipeline.extractSource === undefined) continue;
      const source = ['sources', extract.source];
      if (isWritten(spec, [source], ['max_requests'])) continue;
      if (extract.max_requests !== undefined) continue;
      report({
        message: `nobody says how many requests a run may make of "${extract.source}"`,
        layers: [source],
        path: [],
        want: 'key',
        help: 'add max_requests: what a run needs, and what it may take again for retries',
      });
    }
  },
};
