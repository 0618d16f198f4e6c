import { snowflakeIdentifier as identifier } from '../../warehouse-tables/snowflake.ts';
import type { SnowflakeSetup } from './setup.ts';
import { qualified, type SqlFile } from './sql-file.ts';

/** What a role may do with one object. */
export interface Grant {
  readonly role: string;
  readonly privileges: readonly string[];
  /** As Snowflake calls it: WAREHOUSE, DATABASE, SCHEMA, STAGE, FILE FORMAT. */
  readonly on: string;
  /** Its name, from the database down; unquoted. */
  readonly name: readonly string[];
}

/** All that load and check need of what they don't own themselves. They own the tables that they make. */
export function loaderGrants({ roles, compute, database, schema, stage }: SnowflakeSetup): Grant[] {
  const role = roles.loader;
  return [
    { role, privileges: ['USAGE'], on: 'WAREHOUSE', name: [compute] },
    { role, privileges: ['USAGE'], on: 'DATABASE', name: [database] },
    {
      role,
      // Without a stage of its own load makes one for a moment.
      privileges: ['USAGE', 'CREATE TABLE', ...(stage === undefined ? ['CREATE STAGE'] : [])],
      on: 'SCHEMA',
      name: [database, schema],
    },
    ...(stage === undefined
      ? []
      : [
          { role, privileges: ['USAGE'], on: 'FILE FORMAT', name: [database, schema, stage.fileFormat] },
          { role, privileges: ['USAGE'], on: 'STAGE', name: [database, schema, stage.name] },
        ]),
  ];
}

/** dbt makes tables and views in the schema of the models, and reads what is loaded. */
export function transformerGrants(setup: SnowflakeSetup, modelSchema: string): Grant[] {
  const { roles, compute, database, schema } = setup;
  const role = roles.transformer;
  return [
    { role, privileges: ['USAGE'], on: 'WAREHOUSE', name: [compute] },
    { role, privileges: ['USAGE'], on: 'DATABASE', name: [database] },
    { role, privileges: ['USAGE'], on: 'SCHEMA', name: [database, schema] },
    {
      role,
      privileges: ['USAGE', 'CREATE TABLE', 'CREATE VIEW'],
      on: 'SCHEMA',
      name: [database, modelSchema],
    },
  ];
}

function readerGrants({ roles, compute, database }: SnowflakeSetup, schema: string): Grant[] {
  const role = roles.reader;
  return [
    { role, privileges: ['USAGE'], on: 'WAREHOUSE', name: [compute] },
    { role, privileges: ['USAGE'], on: 'DATABASE', name: [database] },
    { role, privileges: ['USAGE'], on: 'SCHEMA', name: [database, schema] },
  ];
}

export function grants(setup: SnowflakeSetup): SqlFile {
  const { roles, database, schema, modelSchema } = setup;
  const { loader, transformer, reader } = roles;
  const read = modelSchema ?? schema;
  return {
    name: 'grants',
    makes: 'what each role may do',
    role: 'SECURITYADMIN',
    notes: [
      'SECURITYADMIN may grant what it does not own, and what is not there yet.',
      `${loader}: loads and checks. It owns the tables that it makes and reads no others.`,
      ...(modelSchema === undefined
        ? []
        : [`${transformer}: dbt. It reads what is loaded and cannot change it.`]),
      `${reader}: reads ${read}, also what will be made there. Give it a warehouse of its own where people would`,
      'wait for the loads, or the loads for them.',
    ],
    statements: [
      ...loaderGrants(setup).map(grantStatement),
      ...(modelSchema === undefined
        ? []
        : [
            ...transformerGrants(setup, modelSchema).map(grantStatement),
            ...selects(['TABLES'], [database, schema], transformer),
          ]),
      ...readerGrants(setup, read).map(grantStatement),
      ...selects(['TABLES', 'VIEWS'], [database, read], reader),
    ],
  };
}

/** One grant as SQL, without the semicolon. */
export function grantStatement({ role, privileges, on, name }: Grant): string {
  return `GRANT ${privileges.join(', ')} ON ${on} ${qualified(...name)} TO ROLE ${identifier(role)}`;
}

/** Of what is there, and of what comes. */
function selects(kinds: readonly string[], schema: readonly string[], role: string): string[] {
  return kinds.flatMap((kind) =>
    ['ALL', 'FUTURE'].map(
      (which) =>
        `GRANT SELECT ON ${which} ${kind} IN SCHEMA ${qualified(...schema)} TO ROLE ${identifier(role)}`,
    ),
  );
}
