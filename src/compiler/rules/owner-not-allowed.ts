import { suggest } from '../did-you-mean.ts';
import { fitsAny } from '../pattern.ts';
import { isWritten, pipelinesOf, type Rule, whatPolicySays } from './rule.ts';

export const ownerNotAllowed: Rule = {
  name: 'owner-not-allowed',
  severity: 'error',
  category: 'practice',
  why: 'An owner that nobody knows is as good as none: a team that was renamed, or a person who has left. A list of owners in the policy keeps the names to those who answer.',
  bad: 'policy: { owners: [partner-data, finance-data] }',
  good: 'policy: { owners: [data-platform, partner-*] }',
  check(spec, report) {
    const { owners } = spec.policy;
    if (owners === undefined) return;
    const label = whatPolicySays(['owners'], 'these are allowed');
    for (const { pipeline } of pipelinesOf(spec)) {
      const { name, layers, settings } = pipeline;
      if (!isWritten(spec, layers, ['owner'])) {
        report({
          message: `nobody owns "${name}"`,
          layers: [['pipelines', name]],
          path: [],
          want: 'key',
          help: `add owner: ${owners.join(' or ')}, here or under defaults`,
          label,
        });
      } else if (!fitsAny(owners, settings.owner)) {
        report({
          message: `"${settings.owner}" is no owner that the policy allows`,
          layers,
          path: ['owner'],
          help: suggest(settings.owner, owners),
          label,
        });
      }
    }
  },
};
