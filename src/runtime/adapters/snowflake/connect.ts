import type { Connection, ConnectionOptions } from 'snowflake-sdk';
import type { Snowflake } from '../../../spec/snowflake.ts';
import { configuration, StepError, temporary } from '../../errors.ts';
import { authentication, type Keys } from './authenticate.ts';
import { snowflakeFailure, type Who } from './failure.ts';
import { BROWSER_LOGIN, namesOf, type Patience } from './settings.ts';
import { TimedOut, unlessAborted, within } from './watchdog.ts';

type Driver = typeof import('snowflake-sdk');

/** Milliseconds for one request. The service answers after 45 s at the latest, if only that a statement still runs. */
const REQUEST_TIMEOUT = 60_000;

/** Failures of the driver; of any other name are those of the libraries that ask a cloud for an identity. */
const DRIVER_ERRORS =
  /^(NetworkError|RequestFailedError|UnexpectedContentError|OperationFailedError|ClientError|OCSPError|CRLError|(Invalid|Missing)ParameterError)$/;

/** Libraries say so where there is nothing to identify this machine by; anything else may pass. */
const NO_IDENTITY =
  /default credentials|recognized Snowflake host|load credentials|Credential\w*(Unavailable|Provider)/i;

let loading: Promise<Driver> | undefined;

/** The driver, silent: its log, of any level, is for its makers and knows nothing of our secrets. */
function loadDriver(): Promise<Driver> {
  // Otherwise it asks three clouds, as soon as it is loaded, whether this machine is theirs.
  process.env.SNOWFLAKE_DISABLE_PLATFORM_DETECTION ??= 'true';
  loading ??= import('snowflake-sdk').then((module) => {
    const driver = (module as { default?: Driver }).default ?? module;
    driver.configure({ logLevel: 'OFF', additionalLogToConsole: false });
    return driver;
  });
  return loading;
}

/** Opens a connection; one that comes too late, or after the signal, is closed again. */
export async function connect(
  warehouse: Snowflake,
  keys: Keys,
  who: Who,
  patience: Patience,
  signal: AbortSignal,
): Promise<Connection> {
  const doing = 'sign in to Snowflake';
  if (signal.aborted) throw signal.reason;
  const [driver, signIn] = await Promise.all([loadDriver(), authentication(warehouse.auth, keys)]);
  let opening: Promise<Connection> | undefined;
  try {
    const connection = driver.createConnection({ ...place(warehouse), ...signIn });
    opening = new Promise((resolve, reject) => {
      connection.connect((error) => (error ? reject(error) : resolve(connection)));
    });
    const limit =
      warehouse.auth?.kind === 'external_browser' ? Math.max(patience.login, BROWSER_LOGIN) : patience.login;
    return await unlessAborted(signal, within(limit, opening));
  } catch (error) {
    opening?.then((late) => close(late, patience.farewell)).catch(() => undefined);
    if (signal.aborted) throw signal.reason;
    if (error instanceof TimedOut)
      throw temporary(`${doing}: ${error.message}: see account and endpoint of the environment`, error);
    throw noIdentity(error, warehouse) ?? snowflakeFailure(error, doing, who);
  }
}

/** Ends the session at the service, and what is left of it here. Never fails: nothing depends on it. */
export async function close(connection: Connection, milliseconds: number): Promise<void> {
  const ended = new Promise<void>((resolve) => connection.destroy(() => resolve()));
  await within(milliseconds, ended).catch(() => undefined);
}

function place(warehouse: Snowflake): ConnectionOptions {
  const { endpoint, account } = warehouse;
  const { role, warehouse: compute, database, schema } = namesOf(warehouse);
  return {
    account,
    ...(endpoint === undefined ? {} : { accessUrl: endpoint.replace(/\/$/, '') }),
    role,
    warehouse: compute,
    database,
    schema,
    application: 'pipegen',
    timeout: REQUEST_TIMEOUT,
    sfRetryMaxLoginRetries: 4,
    // A native number would lose digits without a word, and NULL would become the text NULL.
    fetchAsString: ['Number', 'Date', 'JSON'],
    representNullAsStringNull: false,
    // Nothing of a sign-in is kept on the disk.
    clientStoreTemporaryCredential: false,
  };
}

function noIdentity(error: unknown, { auth }: Snowflake): StepError | undefined {
  if (auth?.kind !== 'workload_identity' || error instanceof StepError) return undefined;
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  if (DRIVER_ERRORS.test(name)) return undefined;
  const said = `no identity of ${auth.provider} could be had to sign in to Snowflake: ${message.split('\n')[0]}`;
  return NO_IDENTITY.test(`${name} ${message}`)
    ? configuration(`${said}: see that the pod or the machine has one, such as a service account`, error)
    : temporary(said, error);
}
