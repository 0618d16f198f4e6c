import type { Rule } from './rule.ts';

export const secretInPlainEnvironment: Rule = {
  name: 'secret-in-plain-environment',
  severity: 'error',
  category: 'security',
  why: 'What `env` of a launcher holds stands in the DAG file and in Airflow’s views for everyone to read. A secret of the same name would be in the pod twice, and the value from the file would be the one that leaked.',
  bad: 'environments: { production: { launcher: { env: { API_KEY: "0123" } } } }',
  good: 'environments: { production: { launcher: { env: { HTTPS_PROXY: "http://proxy:3128" } } } }',
  check(spec, report) {
    const variables = Object.values(spec.secrets);
    for (const { settings, layers } of spec.environments) {
      if (settings.launcher.kind !== 'kubernetes') continue;
      for (const variable of Object.keys(settings.launcher.env)) {
        if (!variables.includes(variable)) continue;
        report({
          message: `${variable} is where a secret is found, not a text for the DAG`,
          layers,
          path: ['launcher', 'env', variable],
          want: 'key',
          help: 'remove it here; name where the pods find the secret under launcher.secrets',
        });
      }
    }
  },
};
