import {
  type Grant,
  grantStatement,
  loaderGrants,
  transformerGrants,
} from '../../compiler/snowflake/grants.ts';
import type { SnowflakeSetup } from '../../compiler/snowflake/setup.ts';
import { qualified } from '../../compiler/snowflake/sql-file.ts';
import { openStore } from '../../runtime/adapters/stores.ts';
import { StepError } from '../../runtime/errors.ts';
import type { SqlSession } from '../../runtime/sql-warehouse/session.ts';
import { EXIT } from '../../spec/exit-codes.ts';
import type { Store } from '../../spec/store.ts';
import {
  snowflakeIdentifier as identifier,
  snowflakeLiteral as literal,
} from '../../warehouse-tables/snowflake.ts';
import { plural } from '../print.ts';
import { type Answer, missing, ok, type Probe, unknown } from './probe.ts';
import { withObject } from './store.ts';

export interface SnowflakeProbeOptions {
  readonly setup: SnowflakeSetup;
  readonly store: Store;
  readonly home: string;
  /** Opens the session that all probes share. */
  readonly open: () => Promise<SqlSession>;
}

/**
 * Sign-in, rights, stage and tables, by statements that need no running warehouse and so cost nothing: SHOW, LIST,
 * and functions of the session.
 */
export function snowflakeProbes({ setup, store, home, open }: SnowflakeProbeOptions): Probe[] {
  const { modelSchema } = setup;
  const folder = `generated/${setup.environment}/snowflake`;
  let session: SqlSession | undefined;
  const signedIn = (
    what: string,
    look: (one: SqlSession, signal: AbortSignal) => Promise<Answer[]>,
  ): Probe => ({
    what,
    repair: `see ${folder}, and run what of it is not done yet`,
    look: async (signal) =>
      session === undefined ? [unknown(what, 'nobody is signed in to Snowflake')] : look(session, signal),
  });
  return [
    {
      what: 'Snowflake sign-in',
      repair: `run the files of ${folder} in their order`,
      look: async () => {
        session = await open();
        return signIn(session);
      },
    },
    signedIn('Snowflake grants', (one) => loaderRights(one, setup)),
    ...(modelSchema === undefined
      ? []
      : [signedIn('Snowflake grants of dbt', (one) => transformerRights(one, setup, modelSchema))]),
    signedIn('Snowflake stage', (one, signal) =>
      setup.stage === undefined ? internalStage(one, setup) : externalStage(one, setup, store, home, signal),
    ),
    ...(setup.tables.length === 0 ? [] : [signedIn('Snowflake tables', (one) => tables(one, setup))]),
  ];
}

/** A session that is open has its role, warehouse, database and schema: it proved them itself. */
async function signIn(session: SqlSession): Promise<Answer[]> {
  const [row = {}] = await session.rows(
    'look at the session',
    'SELECT CURRENT_USER() AS "USER", CURRENT_ROLE() AS "ROLE", CURRENT_WAREHOUSE() AS "WAREHOUSE", CURRENT_DATABASE() AS "DATABASE", CURRENT_SCHEMA() AS "SCHEMA"',
  );
  return [
    ok('Snowflake sign-in', `as ${row.user}`),
    ok('Snowflake role', `${row.role}`),
    ok('Snowflake warehouse', `${row.warehouse} can be used; it was not woken`),
    ok('Snowflake database', `${row.database}`),
    ok('Snowflake schema', `${row.schema}`),
  ];
}

/** Roles that a role has by way of others: more would be a circle. */
const MOST_ROLES = 50;

async function loaderRights(session: SqlSession, setup: SnowflakeSetup): Promise<Answer[]> {
  const what = 'Snowflake grants';
  const held = await rightsOf(session, setup.roles.loader);
  return answersOf(what, loaderGrants(setup), held, `${setup.roles.loader} may all that load and check need`);
}

/** The loader may not be allowed to see them: dbt signs in in a role of its own. */
async function transformerRights(
  session: SqlSession,
  setup: SnowflakeSetup,
  modelSchema: string,
): Promise<Answer[]> {
  const what = 'Snowflake grants of dbt';
  const role = setup.roles.transformer;
  try {
    const held = await rightsOf(session, role);
    return answersOf(what, transformerGrants(setup, modelSchema), held, `${role} may all that dbt needs`);
  } catch (error) {
    if (!(error instanceof StepError) || error.exit !== EXIT.configuration) throw error;
    const repair = `in the role SECURITYADMIN: SHOW GRANTS TO ROLE ${identifier(role)};`;
    return [
      unknown(what, `there is no role ${role}, or ${setup.roles.loader} can't see what it may`, repair),
    ];
  }
}

/** What a role may, also by way of roles that it has. */
async function rightsOf(session: SqlSession, first: string): Promise<ReadonlySet<string>> {
  const held = new Set<string>();
  const roles = [first.toUpperCase()];
  for (const one of roles) {
    const rows = await session.rows(`look at the rights of ${one}`, `SHOW GRANTS TO ROLE ${identifier(one)}`);
    for (const { privilege, granted_on, name } of rows) {
      held.add(right(String(privilege), String(granted_on), String(name)));
      // Who owns a role has not its rights: who uses it has.
      const role = granted_on === 'ROLE' && privilege === 'USAGE' ? String(name) : one;
      if (!roles.includes(role) && roles.length < MOST_ROLES) roles.push(role);
    }
  }
  return held;
}

function answersOf(
  what: string,
  wanted: readonly Grant[],
  held: ReadonlySet<string>,
  sound: string,
): Answer[] {
  const lacking = wanted.flatMap((grant) => {
    const name = grant.name.join('.').toUpperCase();
    const has = (privilege: string) =>
      held.has(right(privilege, grant.on, name)) || held.has(right('OWNERSHIP', grant.on, name));
    const privileges = grant.privileges.filter((privilege) => !has(privilege));
    return privileges.length === 0 ? [] : [{ ...grant, privileges }];
  });
  if (lacking.length === 0) return [ok(what, sound)];
  return lacking.map((grant) =>
    missing(
      what,
      `${grant.role} has no ${grant.privileges.join(', ')} on ${grant.on.toLowerCase()} ${grant.name.join('.').toUpperCase()}`,
      `in the role SECURITYADMIN: ${grantStatement(grant)};`,
    ),
  );
}

function right(privilege: string, on: string, name: string): string {
  return `${privilege} ${on.replaceAll('_', ' ')} ${name.replaceAll('"', '')}`;
}

/** An object that is written to the store must be seen through the stage. */
async function externalStage(
  session: SqlSession,
  setup: SnowflakeSetup,
  store: Store,
  home: string,
  signal: AbortSignal,
): Promise<Answer[]> {
  const what = 'Snowflake stage';
  const { database, schema, stage } = setup;
  const address = `@${qualified(database, schema, stage?.name ?? '')}`;
  const opened = await openStore(store, home, signal);
  const seen = await withObject(opened, async (name) =>
    session.rows('look through the stage', `LIST ${literal(`${address}/${name}`)}`),
  );
  if (seen.length > 0) return [ok(what, `${stage?.name} shows what is written to ${opened.location}`)];
  return [
    missing(
      what,
      `${stage?.name} is there and does not show what is written to ${opened.location}`,
      `let it be over ${stage?.url}: DESCRIBE STAGE ${address.slice(1)} shows where it is`,
    ),
  ];
}

/** A temporary one, as load makes it, dropped again. */
async function internalStage(session: SqlSession, { database, schema }: SnowflakeSetup): Promise<Answer[]> {
  const name = qualified(database, schema, '_pipegen_doctor');
  await session.run('make a temporary stage', `CREATE OR REPLACE TEMPORARY STAGE ${name}`);
  await session.run('drop the temporary stage', `DROP STAGE IF EXISTS ${name}`);
  return [ok('Snowflake stage', 'a temporary one was made and dropped, as load does it')];
}

async function tables(session: SqlSession, setup: SnowflakeSetup): Promise<Answer[]> {
  const what = 'Snowflake tables';
  const { database, schema, roles } = setup;
  const rows = await session.rows(
    'look at the tables',
    `SHOW TABLES IN SCHEMA ${qualified(database, schema)}`,
  );
  const owners = new Map(rows.map((row) => [String(row.name), String(row.owner ?? '')]));
  const wanted = setup.tables.map(({ name }) => name.toUpperCase());
  const there = wanted.filter((name) => owners.has(name));
  const loader = roles.loader.toUpperCase();
  const foreign = there.filter((name) => owners.get(name) !== loader);
  if (foreign.length > 0) {
    return foreign.map((name) =>
      missing(
        what,
        `${name} belongs to ${owners.get(name)}, so that load can't add a column to it`,
        `GRANT OWNERSHIP ON TABLE ${qualified(database, schema, name)} TO ROLE ${identifier(loader)} COPY CURRENT GRANTS;`,
      ),
    );
  }
  const open = wanted.length - there.length;
  const rest = open === 0 ? '' : `; the first load makes the other ${open}`;
  return [ok(what, `${there.length} of ${plural(wanted.length, 'table')} there${rest}`)];
}
