import type { Rule } from './rule.ts';

export const namespaceSharedWithAirflow: Rule = {
  name: 'namespace-shared-with-airflow',
  severity: 'error',
  category: 'security',
  why: 'Pod Security, the network policy and the quota of the generated files hold for a whole namespace: they would cut Airflow off from its database, and its pods could not start again. And whoever may start a pod beside Airflow may read its secrets.',
  bad: 'environments: { production: { launcher: { airflow: { namespace: data, service_account: airflow-worker } } } }',
  good: 'environments: { production: { launcher: { airflow: { namespace: airflow, service_account: airflow-worker } } } }',
  check({ environments }, report) {
    for (const { name, settings, layers } of environments) {
      const { launcher } = settings;
      if (launcher.kind !== 'kubernetes' || launcher.airflow?.namespace !== launcher.namespace) continue;
      report({
        message: `the pods of "${name}" would share the namespace ${launcher.namespace} with Airflow`,
        layers,
        path: ['launcher', 'airflow', 'namespace'],
        help: 'give the pods a namespace of their own in launcher.namespace',
      });
    }
  },
};
