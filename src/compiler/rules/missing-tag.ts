import { fits } from '../pattern.ts';
import { isWritten, pipelinesOf, type Rule, whatPolicySays } from './rule.ts';

export const missingTag: Rule = {
  name: 'missing-tag',
  severity: 'error',
  category: 'practice',
  why: 'Tags are how people find DAGs in Airflow, and how costs and incidents are counted. One that is missing makes its pipeline invisible there; the policy names those that every pipeline has.',
  bad: 'policy: { required_tags: [tier-*] }',
  good: 'policy: { required_tags: [tier-*] }\npipelines: { flights: { tags: [tier-1] } }',
  check(spec, report) {
    for (const { pipeline } of pipelinesOf(spec)) {
      const { name, layers, settings } = pipeline;
      const isThere = isWritten(spec, layers, ['tags']);
      for (const [index, wanted] of (spec.policy.required_tags ?? []).entries()) {
        if (settings.tags.some((tag) => fits(wanted, tag))) continue;
        const tag = wanted.includes('*') ? `a tag such as ${wanted}` : `"${wanted}"`;
        report({
          message: `"${name}" has no tag "${wanted}"`,
          ...(isThere
            ? { layers, path: ['tags'] }
            : { layers: [['pipelines', name]], path: [], want: 'key' as const }),
          help: isThere ? `add ${tag} to its tags` : `give it tags, with ${tag} among them`,
          label: whatPolicySays(['required_tags', index], 'asked for here'),
        });
      }
    }
  },
};
