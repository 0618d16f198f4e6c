import type { Rule } from './rule.ts';

const WAREHOUSE =
  'kind: snowflake, account: acme-eu1, database: RAW, schema: crm, compute: LOADING, role: LOADER, stage: internal';

export const browserInPods: Rule = {
  name: 'browser-in-pods',
  severity: 'error',
  category: 'correctness',
  certain: true,
  why: 'With `external_browser` a browser opens and a person signs in to Snowflake. In a pod there is neither, so that load, check and dbt end with code 78.',
  bad: `environments: { production: { warehouse: { path: null, ${WAREHOUSE}, auth: { kind: external_browser, user: ada } } } }`,
  good: `environments: { production: { warehouse: { path: null, ${WAREHOUSE}, auth: { kind: workload_identity, provider: gcp } } } }`,
  check({ environments }, report) {
    for (const { name, settings, layers } of environments) {
      const { launcher, warehouse } = settings;
      if (launcher.kind !== 'kubernetes' || warehouse.kind !== 'snowflake') continue;
      if (warehouse.auth?.kind !== 'external_browser') continue;
      report({
        message: `the pods of "${name}" have nobody who signs in to Snowflake in a browser`,
        layers,
        path: ['warehouse', 'auth', 'kind'],
        help: 'write kind: workload_identity, or key_pair with a user of its own',
      });
    }
  },
};
