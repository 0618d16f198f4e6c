import { type Rule, settingsOfSteps } from './rule.ts';

export const defaultServiceAccount: Rule = {
  name: 'default-service-account',
  severity: 'warning',
  category: 'security',
  why: 'Every pod of a namespace that names no account is `default`: what these pods may do, all others may too, and nobody can be told apart in an audit.',
  bad: 'environments: { production: { launcher: { service_account: default } } }',
  good: 'environments: { production: { launcher: { service_account: pipegen } } }',
  check(spec, report) {
    const help = 'make one for these pods, and grant it what the steps need and nothing else';
    for (const { name, settings, layers, pipelines } of spec.environments) {
      const { launcher } = settings;
      if (launcher.kind !== 'kubernetes') continue;
      if (launcher.service_account === 'default') {
        report({
          message: `the pods of "${name}" share the account of everything else in "${launcher.namespace}"`,
          layers,
          path: ['launcher', 'service_account'],
          help,
        });
      }
      for (const pipeline of pipelines) {
        for (const [step, own] of settingsOfSteps(pipeline)) {
          if (own.service_account !== 'default') continue;
          report({
            message: `the pod of "${step}" shares the account of everything else in "${launcher.namespace}"`,
            layers: pipeline.layers,
            path: ['steps', step, 'service_account'],
            help,
          });
        }
      }
    }
  },
};
