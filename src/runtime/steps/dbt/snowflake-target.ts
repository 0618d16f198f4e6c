import type { Snowflake } from '../../../spec/snowflake.ts';
import { MODEL_SCHEMA } from '../../../warehouse-tables/models.ts';
import { snowflakeRoles } from '../../../warehouse-tables/snowflake-roles.ts';
import { authentication } from '../../adapters/snowflake/authenticate.ts';
import { namesOf, queryTag } from '../../adapters/snowflake/settings.ts';
import type { StepContext } from '../../context.ts';
import type { DbtTarget } from './profile.ts';

/** What of a step's context signing in needs. */
export type SignsIn = Pick<StepContext, 'identity' | 'secret' | 'redact' | 'home' | 'environment'>;

/** dbt keeps the values of variables that begin so out of its logs, and lets only the profile read them. */
const KEY = 'DBT_ENV_SECRET_PIPEGEN_KEY';
const TOKEN = 'DBT_ENV_SECRET_PIPEGEN_TOKEN';
/** The run's id is in it, which whoever starts the run may choose: in the profile dbt would render it. */
const TAG = 'PIPEGEN_QUERY_TAG';

/**
 * A profile of dbt-snowflake that signs in as load does, in the role of the transformer: it reads what is loaded and
 * owns the models. Key and token travel by the environment, and nothing of a sign-in outlives the folder.
 */
export async function snowflakeTarget(
  context: SignsIn,
  warehouse: Snowflake,
  folder: string,
): Promise<DbtTarget> {
  const { database, warehouse: compute, role } = namesOf(warehouse);
  const signIn = await signInOf(context, warehouse);
  const output = {
    type: 'snowflake',
    account: warehouse.account,
    ...placeOf(warehouse.endpoint),
    ...signIn.output,
    database,
    schema: MODEL_SCHEMA.toUpperCase(),
    warehouse: compute,
    role: snowflakeRoles(role).transformer,
    query_tag: `{{ env_var('${TAG}') }}`,
    threads: 4,
    connect_retries: 2,
    connect_timeout: 10,
  };
  return {
    output,
    environment: {
      ...signIn.environment,
      [TAG]: queryTag(context.identity),
      SF_TEMPORARY_CREDENTIAL_CACHE_DIR: folder,
    },
  };
}

async function signInOf(context: SignsIn, { auth }: Snowflake): Promise<DbtTarget> {
  const { username, privateKey, token, ...options } = await authentication(auth, context);
  const key = typeof privateKey === 'string' ? privateKey : undefined;
  if (key !== undefined) context.redact.add(key);
  const provider = options.workloadIdentityProvider;
  return {
    output: {
      // For a key it must not be named: dbt knows by the key.
      ...(key === undefined ? { authenticator: AUTHENTICATORS[options.authenticator ?? ''] } : {}),
      ...(username === undefined ? {} : { user: username }),
      ...(key === undefined ? {} : { private_key: `{{ env_var('${KEY}') }}` }),
      ...(token === undefined ? {} : { token: `{{ env_var('${TOKEN}') }}` }),
      ...(provider === undefined ? {} : { workload_identity_provider: provider }),
    },
    environment: {
      ...(key === undefined ? {} : { [KEY]: key }),
      ...(token === undefined ? {} : { [TOKEN]: token }),
    },
  };
}

/** dbt's words for those of snowflake-sdk; it compares them as they are written. */
const AUTHENTICATORS: Readonly<Record<string, string>> = {
  OAUTH: 'oauth',
  WORKLOAD_IDENTITY: 'workload_identity',
  EXTERNALBROWSER: 'externalbrowser',
};

function placeOf(endpoint: string | undefined): object {
  if (endpoint === undefined) return {};
  const { protocol, hostname, port } = new URL(endpoint);
  const scheme = protocol.replace(':', '');
  return { host: hostname, port: Number(port || (scheme === 'http' ? 80 : 443)), protocol: scheme };
}
