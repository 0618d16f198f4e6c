import { EXIT } from '../../../spec/exit-codes.ts';
import { INTERNAL_STAGE } from '../../../spec/stage.ts';
import { badData, configuration, StepError, temporary } from '../../errors.ts';
import { ConnectionLost } from '../../sql-warehouse/session.ts';
import type { Names } from './settings.ts';

/** Whose session it is: for the statement that grants what is missing. */
export interface Who extends Names {
  readonly account: string;
  /** Of the environment: an external one, or `internal`. */
  readonly stage: string;
  /** Undefined where the identity of the machine signs in. */
  readonly user: string | undefined;
  readonly auth: string;
}

/** As the driver fails: SQL errors have a code of six digits as text, its own a number. */
interface DriverError {
  readonly name?: string;
  readonly code?: string | number;
  readonly message?: string;
  readonly response?: { readonly status?: number; readonly statusCode?: number };
  readonly cause?: { readonly code?: string | number; readonly message?: string };
}

type Repair = (said: string, who: Who) => string;
type Make = (message: string, cause: unknown) => StepError;

interface Meaning {
  readonly codes: RegExp;
  readonly make: Make;
  readonly repair?: Repair;
}

const lost: Make = (message, cause) =>
  temporary(message, cause instanceof ConnectionLost ? cause : new ConnectionLost(message, { cause }));

const defect: Make = (message, cause) => new StepError(EXIT.defect, message, { cause });

/**
 * What Snowflake's codes mean for a step; the first that fits counts. Codes are in no documentation: those of
 * sessions are in the sources of Snowflake's drivers, the others in what it answers.
 */
const MEANINGS: readonly Meaning[] = [
  { codes: /^39011[1-5]$|^390104$|^390110$/, make: lost },
  {
    codes: /^390144$|^39430\d$/,
    make: configuration,
    repair: (_, { user }) =>
      `give the user the public key that belongs to auth.secret or auth.file, ALTER USER ${user} SET RSA_PUBLIC_KEY = '…'; and see that the clock of this machine is right and that account is the one of the user`,
  },
  {
    codes: /^390189$|^390186$/,
    make: configuration,
    repair: (_, { role, user }) => `create the role or grant it: GRANT ROLE ${role} TO USER ${user ?? '…'}`,
  },
  {
    codes: /^390303$|^390318$/,
    make: configuration,
    repair: () => 'the token of auth is no longer valid: let who issues it write a new one',
  },
  {
    codes: /^3904(22|32)$/,
    make: configuration,
    repair: (_, { user }) =>
      `a network policy refuses the address of this machine: add it to the policy of the account or of the user ${user ?? ''}`.trim(),
  },
  {
    codes: /^39\d{4}$/,
    make: configuration,
    repair: (_, { auth, account, user }) =>
      `sign-in by ${auth}${user === undefined ? '' : ` as ${user}`} was refused: see account (${account}) and auth of the environment, and whether the user is locked`,
  },
  {
    codes: /^000606$/,
    make: configuration,
    repair: (_, { warehouse, role }) => `GRANT USAGE ON WAREHOUSE ${warehouse} TO ROLE ${role}`,
  },
  {
    codes: /^090073$|^000666$/,
    make: configuration,
    repair: () =>
      'what the account may spend is used up: raise the quota of the resource monitor, or wait for its next period',
  },
  { codes: /^09010[56]$/, make: configuration, repair: missingHome },
  { codes: /^0020[04]3$|^00300[1-3]$|^0035\d\d$/, make: configuration, repair: missingObject },
  {
    codes: /^000904$/,
    make: configuration,
    repair: () => 'the table has no such column: see its columns, and the SQL of checks',
  },
  {
    codes: /^091003$|^0036\d\d$/,
    make: configuration,
    repair: (_, { role }) =>
      `Snowflake can’t read the bucket of the stage: give the service account of its storage integration the role roles/storage.objectViewer on the bucket, and GRANT USAGE ON STAGE … TO ROLE ${role}`,
  },
  {
    codes: /^091016$/,
    make: configuration,
    repair: () =>
      'a file of the receipt is not in the stage: see that the stage is over store.bucket and store.prefix, or run upload again',
  },
  {
    codes: /^000625$/,
    make: temporary,
    repair: () => 'another transaction holds the table',
  },
  { codes: /^000604$/, make: temporary, repair: () => 'somebody cancelled the statement' },
  { codes: /^000630$/, make: temporary, repair: () => 'the statement took longer than it may' },
  // Internal errors, with a number of an incident.
  { codes: /^000603$|^3[07]0\d{3}$|^000(707|709)$/, make: temporary },
  { codes: /^090236$/, make: defect, repair: () => 'a statement followed an error inside a transaction' },
  { codes: /^100\d{3}$|^200001$/, make: badData },
  // The driver refused what it was given to connect with.
  { codes: /^404\d{3}$|^40550[567]$/, make: configuration },
];

/** Failures of the driver itself, by name: it could not send, or got no answer that it understands. */
const UNREACHED = new Set([
  'NetworkError',
  'RequestFailedError',
  'UnexpectedContentError',
  'LargeResultSetError',
  'OCSPError',
  'CRLError',
  // Of what the driver asks before it signs in.
  'AxiosError',
]);

/** https://nodejs.org/api/tls.html#x509-certificate-error-codes */
const UNTRUSTED =
  /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_\w+|CERT_\w+|ERR_TLS_\w+|412001)$/;

/** Node's codes of failures of the network, such as ECONNREFUSED. */
const SYSTEM = /^E[A-Z_]+$/;

/** Client errors of the driver that say that there is no session. */
const DISCONNECTED = /^40(5503|7001|7002)$/;

/** What a failure of Snowflake or of its driver means for the step; `doing` says what was tried, `load flights`. */
export function snowflakeFailure(error: unknown, doing: string, who: Who): StepError {
  if (error instanceof StepError) return error;
  if (error instanceof ConnectionLost) return lost(`${doing}: ${error.message}`, error);
  const { name = '', code = '', message = String(error), ...more } = error as DriverError;
  const said = message.replace(/\s+/g, ' ').trim().slice(0, 500);
  if (UNREACHED.has(name) || SYSTEM.test(String(code))) return unreached(doing, said, more, error, who);
  if (DISCONNECTED.test(String(code))) return lost(`${doing}: the session of Snowflake is gone`, error);
  const meaning = MEANINGS.find(({ codes }) => codes.test(String(code)));
  if (meaning !== undefined) {
    const repair = meaning.repair?.(said, who);
    return meaning.make(
      `${doing}: ${said} (Snowflake ${code})${repair === undefined ? '' : `: ${repair}`}`,
      error,
    );
  }
  // Something between us and Snowflake answered in its place.
  if (name === 'OperationFailedError' && code === '')
    return lost(`${doing}: the answer is none of Snowflake’s`, error);
  return defect(`${doing}: ${said}${code === '' ? '' : ` (Snowflake ${code})`}`, error);
}

function unreached(
  doing: string,
  said: string,
  { response, cause }: DriverError,
  error: unknown,
  { account }: Who,
): StepError {
  const status = response?.statusCode ?? response?.status;
  if (status === 403 || status === 404) {
    return configuration(
      `${doing}: HTTP ${status}: there is no account ${account} at this address, or something on the way refuses it: see account and endpoint of the environment`,
      error,
    );
  }
  if (UNTRUSTED.test(String(cause?.code ?? ''))) {
    return configuration(
      `${doing}: the certificate of the server is not trusted (${cause?.code}): name the authority of your proxy in NODE_EXTRA_CA_CERTS, or see endpoint`,
      error,
    );
  }
  const why = status === undefined ? said : `HTTP ${status}`;
  return lost(`${doing}: Snowflake did not answer: ${why}`, error);
}

function missingHome(_: string, who: Who): string {
  const { database, schema, role } = who;
  return `GRANT USAGE ON DATABASE ${database} TO ROLE ${role}; GRANT ${rightsToSchema(who)} ON SCHEMA ${database}.${schema} TO ROLE ${role}`;
}

function rightsToSchema({ stage }: Who): string {
  return `USAGE, CREATE TABLE${stage === INTERNAL_STAGE ? ', CREATE STAGE' : ''}`;
}

/** What a role needs of each kind of object, in the words of GRANT; of a schema see `rightsToSchema`. */
const RIGHTS: Readonly<Record<string, string>> = {
  DATABASE: 'USAGE',
  WAREHOUSE: 'USAGE',
  STAGE: 'USAGE',
  'FILE FORMAT': 'USAGE',
  INTEGRATION: 'USAGE',
  TABLE: 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE',
  VIEW: 'SELECT',
};

/** `Object 'A.B.C' does not exist`, `Insufficient privileges to operate on schema 'RAW'`. */
const OBJECT = /\b(object|database|schema|warehouse|stage|file format|integration|table|view)\s+'([^']+)'/i;

/** Snowflake tells nobody apart who may not see an object from one that is not there: so it can be either. */
function missingObject(said: string, who: Who): string {
  const [, kind = '', object = ''] = OBJECT.exec(said) ?? [];
  const word = kind.toUpperCase() === 'OBJECT' ? 'TABLE' : kind.toUpperCase();
  const right = word === 'SCHEMA' ? rightsToSchema(who) : RIGHTS[word];
  if (right === undefined) return `create what is missing, or grant the right to it to the role ${who.role}`;
  const owned =
    word === 'TABLE' || word === 'VIEW' ? '; a table that somebody else made needs OWNERSHIP for ALTER' : '';
  return `create it, or let its owner run: GRANT ${right} ON ${word === 'INTEGRATION' ? 'INTEGRATION' : word} ${object} TO ROLE ${who.role}${owned}`;
}

/** After login: what the session has not got of the names that it asked for. */
export function missingNames(found: Readonly<Record<keyof Names, unknown>>, who: Who): StepError | undefined {
  const missing = (name: keyof Names) => String(found[name] ?? '').toUpperCase() !== who[name];
  const parts = [
    missing('role') ? `no role ${who.role}: GRANT ROLE ${who.role} TO USER ${who.user ?? '…'}` : '',
    missing('warehouse')
      ? `no warehouse ${who.warehouse}: create it, or GRANT USAGE ON WAREHOUSE ${who.warehouse} TO ROLE ${who.role}`
      : '',
    missing('database')
      ? `no database ${who.database}: create it, or GRANT USAGE ON DATABASE ${who.database} TO ROLE ${who.role}`
      : '',
    !missing('database') && missing('schema')
      ? `no schema ${who.database}.${who.schema}: create it, or GRANT ${rightsToSchema(who)} ON SCHEMA ${who.database}.${who.schema} TO ROLE ${who.role}`
      : '',
  ].filter((part) => part !== '');
  if (parts.length === 0) return undefined;
  return configuration(
    `the session of ${who.role} in Snowflake’s account ${who.account} has ${parts.join('; and ')}`,
  );
}
