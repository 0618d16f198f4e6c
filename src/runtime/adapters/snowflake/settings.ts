import type { Snowflake } from '../../../spec/snowflake.ts';
import type { RunIdentity } from '../../identity.ts';

/** Milliseconds. */
export interface Patience {
  /** For all of a login, with what the driver repeats. */
  readonly login: number;
  /** Until the service has said anything of a statement: it answers after 45 s also where that still runs. */
  readonly answer: number;
  /** For all of a statement, beyond what the service itself allows it. */
  readonly statement: number;
  /** While a statement runs: without one heartbeat that is answered for as long, the connection is lost. */
  readonly silence: number;
  /** For a farewell to a connection that may be dead: the cancel, then the logout. */
  readonly farewell: number;
}

/** Seconds. What a step may take ends a statement before; this is for one whose step is gone. */
const STATEMENT_TIMEOUT = 4 * 3600;

/** Seconds that a statement waits for a table that another transaction holds; Airflow tries again later. */
const LOCK_TIMEOUT = 600;

/** The driver alone repeats a request for 30 to 115 s, and with a service that is silent for 24 minutes. */
export const PATIENCE: Patience = {
  login: 120_000,
  answer: 150_000,
  statement: (STATEMENT_TIMEOUT + 60) * 1000,
  silence: 120_000,
  farewell: 10_000,
};

/** People need longer than machines. */
export const BROWSER_LOGIN = 240_000;

/** Whatever the account, the user or the role has set, a session of ours behaves the same. */
const SETTINGS: Readonly<Record<string, string | number | boolean>> = {
  TIMEZONE: 'UTC',
  AUTOCOMMIT: true,
  STATEMENT_TIMEOUT_IN_SECONDS: STATEMENT_TIMEOUT,
  STATEMENT_QUEUED_TIMEOUT_IN_SECONDS: STATEMENT_TIMEOUT,
  LOCK_TIMEOUT,
  // A process that was killed leaves nothing running.
  ABORT_DETACHED_QUERY: true,
  // A COMMIT after an error must not publish half of a load.
  TRANSACTION_ABORT_ON_ERROR: true,
  // Two source rows for one target row are an error, not a choice at random.
  ERROR_ON_NONDETERMINISTIC_MERGE: true,
  QUOTED_IDENTIFIERS_IGNORE_CASE: false,
  TIMESTAMP_TYPE_MAPPING: 'TIMESTAMP_NTZ',
  // The default shows three digits and cuts the others off.
  TIMESTAMP_OUTPUT_FORMAT: 'YYYY-MM-DD HH24:MI:SS.FF6',
  TIMESTAMP_NTZ_OUTPUT_FORMAT: 'YYYY-MM-DD HH24:MI:SS.FF6',
  TIMESTAMP_LTZ_OUTPUT_FORMAT: 'YYYY-MM-DD HH24:MI:SS.FF6 TZHTZM',
  TIMESTAMP_TZ_OUTPUT_FORMAT: 'YYYY-MM-DD HH24:MI:SS.FF6 TZHTZM',
  DATE_OUTPUT_FORMAT: 'YYYY-MM-DD',
  TIME_OUTPUT_FORMAT: 'HH24:MI:SS.FF6',
};

/** One statement that sets all of them; no value of a user is in it. */
export const ALTER_SESSION = `ALTER SESSION SET ${Object.entries(SETTINGS)
  .map(
    ([name, value]) => `${name} = ${typeof value === 'string' ? `'${value}'` : String(value).toUpperCase()}`,
  )
  .join(', ')}`;

/** https://docs.snowflake.com/en/sql-reference/parameters#query-tag */
const LONGEST_TAG = 2000;

/** Which run a statement belongs to, for who looks through the history of queries: JSON of at most 2,000 characters. */
export function queryTag({ dagId, taskId, runId }: RunIdentity, load?: string): string {
  const tag = (longest: number) => {
    const texts = Object.entries({
      dag: dagId,
      task: taskId,
      run: runId,
      ...(load === undefined ? {} : { load }),
    });
    return JSON.stringify({
      app: 'pipegen',
      ...Object.fromEntries(texts.map(([name, text]) => [name, text.slice(0, longest)])),
    });
  };
  const whole = tag(LONGEST_TAG);
  // A character may take six in JSON.
  return whole.length <= LONGEST_TAG ? whole : tag(Math.floor(LONGEST_TAG / 4 / 6) - 10);
}

/** The names of an environment, as SQL without quotes means them. */
export interface Names {
  readonly role: string;
  readonly warehouse: string;
  readonly database: string;
  readonly schema: string;
}

export function namesOf({ role, compute, database, schema }: Snowflake): Names {
  const [upperRole = '', warehouse = '', upperDatabase = '', upperSchema = ''] = [
    role,
    compute,
    database,
    schema,
  ].map((name) => name.toUpperCase());
  return { role: upperRole, warehouse, database: upperDatabase, schema: upperSchema };
}
