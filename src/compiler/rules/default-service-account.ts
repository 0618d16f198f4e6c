import { pipelinesOf, type Rule, settingsOfSteps } from './rule.ts';

export const defaultServiceAccount: Rule = {
  name: 'default-service-account',
  severity: 'warning',
  category: 'security',
  why: 'Every pod of a namespace that names no service account gets the one called default. What the steps may do by workload identity, any such pod then may.',
  bad: 'environments: { production: { launcher: { service_account: default } } }',
  good: 'environments: { production: { launcher: { service_account: pipegen } } }',
  check(spec, report) {
    const help = 'name one for them, such as pipegen: the files under kubernetes/ of the output make it';
    for (const { name, settings, layers } of spec.environments) {
      if (settings.launcher.kind !== 'kubernetes' || settings.launcher.service_account !== 'default')
        continue;
      const path = ['launcher', 'service_account'];
      report({ message: `the pods of "${name}" run as the account of everybody`, layers, path, help });
    }
    for (const { pipeline } of pipelinesOf(spec)) {
      for (const [step, { service_account }] of settingsOfSteps(pipeline)) {
        if (service_account !== 'default') continue;
        const path = ['steps', step, 'service_account'];
        report({
          message: `the pod of ${step} runs as the account of everybody`,
          layers: pipeline.layers,
          path,
          help,
        });
      }
    }
  },
};
