import type { Rule } from './rule.ts';

const SNOWFLAKE =
  'kind: snowflake, path: null, account: org-one, database: RAW, schema: AVIATION, compute: LOADING, stage: internal, auth: { kind: workload_identity, provider: gcp }';

/** Roles that every account has, and that may change or grant what is not theirs. */
const SYSTEM_ROLES: ReadonlySet<string> = new Set([
  'ACCOUNTADMIN',
  'ORGADMIN',
  'GLOBALORGADMIN',
  'SECURITYADMIN',
  'SYSADMIN',
  'USERADMIN',
]);

export const overPrivilegedRole: Rule = {
  name: 'over-privileged-role',
  severity: 'error',
  category: 'security',
  why: 'These roles administer the account: who gets hold of the credentials of a load could read, drop and grant everything. A load needs a role that makes tables in one schema, which the generated SQL sets up.',
  bad: `environments: { production: { warehouse: { ${SNOWFLAKE}, role: sysadmin } } }`,
  good: `environments: { production: { warehouse: { ${SNOWFLAKE}, role: PIPEGEN_LOADER } } }`,
  check(spec, report) {
    for (const { name, settings, layers } of spec.environments) {
      const { warehouse } = settings;
      if (warehouse.kind !== 'snowflake' || !SYSTEM_ROLES.has(warehouse.role.toUpperCase())) continue;
      report({
        message: `the steps of "${name}" would work as ${warehouse.role.toUpperCase()}, which administers the account`,
        layers,
        path: ['warehouse', 'role'],
        help: 'name a role of their own, such as PIPEGEN_LOADER: the files under snowflake/ of the output make it',
      });
    }
  },
};
