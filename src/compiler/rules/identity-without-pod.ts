import { type Rule, settingsOfSteps, suggest } from './rule.ts';

export const identityWithoutPod: Rule = {
  name: 'identity-without-pod',
  severity: 'warning',
  category: 'correctness',
  why: 'An identity belongs to the service account that it is written under. Where no pod runs as that account, the identity reaches none, and the steps are refused by the cloud.',
  bad: 'environments: { production: { launcher: { workload_identity: { pipgen: { gcp: loader@acme.iam.gserviceaccount.com } } } } }',
  good: 'environments: { production: { launcher: { workload_identity: { pipegen: { gcp: loader@acme.iam.gserviceaccount.com } } } } }',
  check({ environments }, report) {
    for (const { name, settings, layers, pipelines } of environments) {
      const { launcher } = settings;
      if (launcher.kind !== 'kubernetes') continue;
      const own = pipelines.flatMap(settingsOfSteps).flatMap(([, step]) => step.service_account ?? []);
      const accounts = [...new Set([launcher.service_account, ...own])];
      for (const account of Object.keys(launcher.workload_identity)) {
        if (accounts.includes(account)) continue;
        report({
          message: `no pod of "${name}" runs as the service account "${account}"`,
          layers,
          path: ['launcher', 'workload_identity', account],
          want: 'key',
          help: suggest(account, accounts),
        });
      }
    }
  },
};
