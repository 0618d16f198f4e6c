import { suggest } from '../did-you-mean.ts';
import { fitsAny } from '../pattern.ts';
import { type Rule, whatPolicySays } from './rule.ts';

export const namespaceNotAllowed: Rule = {
  name: 'namespace-not-allowed',
  severity: 'error',
  category: 'security',
  why: 'A namespace decides which secrets pods can read, what they may use up and whom they may reach. The policy names those that were made for pipelines; another one belongs to somebody else.',
  bad: 'policy: { namespaces: [pipelines-*] }',
  good: 'policy: { namespaces: [data, pipelines-*] }',
  check(spec, report) {
    const { namespaces } = spec.policy;
    if (namespaces === undefined) return;
    for (const { settings, layers } of spec.environments) {
      if (settings.launcher.kind !== 'kubernetes') continue;
      const { namespace } = settings.launcher;
      if (fitsAny(namespaces, namespace)) continue;
      report({
        message: `pods may not run in the namespace "${namespace}"`,
        layers,
        path: ['launcher', 'namespace'],
        help: suggest(namespace, namespaces),
        label: whatPolicySays(['namespaces'], 'these are allowed'),
      });
    }
  },
};
