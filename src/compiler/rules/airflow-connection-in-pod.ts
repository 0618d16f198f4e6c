import type { Rule } from './rule.ts';

export const airflowConnectionInPod: Rule = {
  name: 'airflow-connection-in-pod',
  severity: 'warning',
  category: 'security',
  why: 'Airflow writes the whole connection as text into the pod. Who may read pods of the namespace reads it, and it is kept with the rendered fields of each task in Airflow’s database, where only the password as it is and extras with a telling name are masked. A Kubernetes secret is only referred to.',
  bad: 'environments: { production: { launcher: { secrets: { api_key: { kubernetes: null, key: null, airflow_connection: crm } } } } }',
  good: 'environments: { production: { launcher: { secrets: { api_key: { kubernetes: crm, key: key } } } } }',
  check(spec, report) {
    for (const { name, settings, layers } of spec.environments) {
      if (settings.launcher.kind !== 'kubernetes') continue;
      for (const [secret, mounted] of Object.entries(settings.launcher.secrets)) {
        if (mounted.airflow_connection === undefined) continue;
        report({
          message: `the secret "${secret}" is readable in the pods of "${name}" and kept in Airflow’s database`,
          layers,
          path: ['launcher', 'secrets', secret, 'airflow_connection'],
          want: 'key',
          help: `use a Kubernetes secret: ${secret}: { kubernetes: NAME_OF_THE_SECRET, key: KEY_INSIDE }`,
        });
      }
    }
  },
};
