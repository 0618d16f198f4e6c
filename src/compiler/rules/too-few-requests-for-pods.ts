import { podsOf } from '../../spec/slices.ts';
import { pipelinesOf, type Rule } from './rule.ts';

export const tooFewRequestsForPods: Rule = {
  name: 'too-few-requests-for-pods',
  severity: 'error',
  category: 'correctness',
  why: 'Containers know nothing of each other, so each gets a share of the rate and of the budget, and together they never take more than the whole. Where there are fewer requests than containers, one of them may make none.',
  bad: 'pipelines: { flights: { extract: { max_requests: 1, slices: { airline: [AA, LH], pods: 2 } } } }',
  good: 'pipelines: { flights: { extract: { max_requests: 2, slices: { airline: [AA, LH], pods: 2 } } } }',
  check(spec, report) {
    for (const { pipeline } of pipelinesOf(spec)) {
      const { settings, extractSource, layers } = pipeline;
      const { extract } = settings;
      const pods = podsOf(extract?.slices);
      const rate = extractSource?.rate_limit;
      const budgets = [
        { key: 'max_requests', requests: extract?.max_requests },
        { key: 'max_requests of the source', requests: extractSource?.max_requests },
        { key: 'rate_limit of the source', requests: rate?.requests },
      ];
      for (const { key, requests } of budgets) {
        if (requests === undefined || requests >= pods) continue;
        const longer = key.startsWith('rate')
          ? `, or count the rate over a longer time: ${pods} requests, say, in ${pods} times as long`
          : '';
        report({
          message: `${pods} pods share ${requests} request${requests === 1 ? '' : 's'} (${key})`,
          layers,
          path: ['extract', 'slices', 'pods'],
          help: `set pods to ${requests} at most, or raise ${key}${longer}`,
        });
      }
    }
  },
};
