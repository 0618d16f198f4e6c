import { isWritten, podPipelinesOf, type Rule } from './rule.ts';

export const missingOwner: Rule = {
  name: 'missing-owner',
  severity: 'error',
  category: 'practice',
  why: 'When a run fails at night, Airflow shows whose it is. Without an owner it shows “airflow”, who answers nothing. Asked for where pods run the pipeline.',
  bad: 'defaults: { owner: null }',
  good: 'pipelines: { flights: { owner: partner-data } }',
  check(spec, report) {
    // Where the policy has a list of owners, what it says of this says more.
    if (spec.policy.owners !== undefined) return;
    for (const { pipeline } of podPipelinesOf(spec)) {
      if (isWritten(spec, pipeline.layers, ['owner'])) continue;
      report({
        message: `nobody owns "${pipeline.name}"`,
        layers: [['pipelines', pipeline.name]],
        path: [],
        want: 'key',
        help: 'add owner: NAME_OF_A_TEAM, here or under defaults',
      });
    }
  },
};
