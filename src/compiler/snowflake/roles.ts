import { snowflakeIdentifier as identifier } from '../../warehouse-tables/snowflake.ts';
import type { SetupUser, SnowflakeSetup } from './setup.ts';
import type { SqlFile } from './sql-file.ts';

export function roles({ roles, user, modelSchema, compute }: SnowflakeSetup): SqlFile {
  const { loader, transformer, reader } = roles;
  const made = modelSchema === undefined ? [loader, reader] : [loader, transformer, reader];
  const worn = made.filter((role) => role !== reader);
  return {
    name: 'roles',
    makes: 'roles and the user of the steps',
    role: 'USERADMIN',
    notes: [
      'USERADMIN makes users and roles and may do nothing else.',
      'SYSADMIN gets each role, so that an administrator can take the place of the steps.',
      `${reader} is for Looker and people: grant it to their users.`,
      ...(user === undefined
        ? [`${worn.join(' and ')}: grant to the user whose token the steps get.`]
        : proof(user)),
    ],
    statements: [
      ...made.map((role) => `CREATE ROLE IF NOT EXISTS ${identifier(role)}`),
      ...made.map((role) => `GRANT ROLE ${identifier(role)} TO ROLE SYSADMIN`),
      ...(user === undefined ? [] : signsIn(user, worn, compute)),
    ],
  };
}

function signsIn({ name, service }: SetupUser, worn: readonly string[], compute: string): string[] {
  const create = `CREATE USER IF NOT EXISTS ${identifier(name)}
  TYPE = SERVICE
  DEFAULT_ROLE = ${identifier(worn[0] ?? '')}
  DEFAULT_WAREHOUSE = ${identifier(compute)}`;
  const grants = worn.map((role) => `GRANT ROLE ${identifier(role)} TO USER ${identifier(name)}`);
  return service ? [create, ...grants] : grants;
}

/** It is no part of the spec: it is set by hand, once. */
function proof({ name, proof }: SetupUser): string[] {
  if (proof === undefined) return [];
  return [
    '',
    'What lets the user in is set by hand, once:',
    `  ALTER USER ${identifier(name)} SET ${PROOFS[proof]};`,
  ];
}

/** https://docs.snowflake.com/en/sql-reference/sql/create-user */
const PROOFS: Readonly<Record<NonNullable<SetupUser['proof']>, string>> = {
  key: "RSA_PUBLIC_KEY = '…'",
  gcp: "WORKLOAD_IDENTITY = (TYPE = GCP SUBJECT = '…')",
  aws: "WORKLOAD_IDENTITY = (TYPE = AWS ARN = '…')",
  azure: "WORKLOAD_IDENTITY = (TYPE = AZURE ISSUER = '…' SUBJECT = '…')",
  oidc: "WORKLOAD_IDENTITY = (TYPE = OIDC ISSUER = '…' SUBJECT = '…')",
};
