import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SnowflakeSession } from '../../../src/runtime/adapters/snowflake/session.ts';
import { ConnectionLost } from '../../../src/runtime/sql-warehouse/session.ts';
import { EXIT } from '../../../src/spec/exit-codes.ts';
import { type Snowflake, startSnowflake } from '../../support/snowflake.ts';
import { failureOf, open } from './rig.ts';

const KEY = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
}).privateKey;

let snowflake: Snowflake;
let session: SnowflakeSession;
beforeAll(async () => {
  snowflake = await startSnowflake();
  session = await open(snowflake.url);
});
afterAll(async () => {
  await session[Symbol.asyncDispose]();
  await snowflake[Symbol.asyncDispose]();
});

const { badData, configuration, defect, temporary } = EXIT;

describe('an error of a statement', () => {
  it.each<[code: string, said: string, exit: number, told: string]>([
    [
      '000606',
      'No active warehouse selected.',
      configuration,
      'GRANT USAGE ON WAREHOUSE LOADING TO ROLE LOADER',
    ],
    [
      '002003',
      "SQL compilation error:\nObject 'ANALYTICS.RAW.FLIGHTS' does not exist or not authorized.",
      configuration,
      'GRANT SELECT, INSERT, UPDATE, DELETE, TRUNCATE ON TABLE ANALYTICS.RAW.FLIGHTS TO ROLE LOADER',
    ],
    [
      '002003',
      "SQL compilation error:\nStage 'ANALYTICS.RAW.LANDED' does not exist or not authorized.",
      configuration,
      'GRANT USAGE ON STAGE ANALYTICS.RAW.LANDED TO ROLE LOADER',
    ],
    [
      '002043',
      'SQL compilation error:\nObject does not exist, or operation cannot be performed.',
      configuration,
      'grant the right to it to the role LOADER',
    ],
    [
      '003001',
      "SQL access control error:\nInsufficient privileges to operate on schema 'RAW'.",
      configuration,
      'GRANT USAGE, CREATE TABLE, CREATE STAGE ON SCHEMA RAW TO ROLE LOADER',
    ],
    [
      '003001',
      "SQL access control error:\nInsufficient privileges to operate on integration 'GCS'",
      configuration,
      'GRANT USAGE ON INTEGRATION GCS TO ROLE LOADER',
    ],
    ['000904', "SQL compilation error:\ninvalid identifier 'DELAY'", configuration, 'no such column'],
    ['090105', 'This session does not have a current database.', configuration, 'ON DATABASE ANALYTICS'],
    [
      '090073',
      "Warehouse 'LOADING' cannot be resumed because resource monitor 'M' has exceeded its quota.",
      configuration,
      'raise the quota',
    ],
    [
      '091003',
      'Failure using stage area. Cause: [Access Denied]',
      configuration,
      'roles/storage.objectViewer',
    ],
    ['091016', 'Remote file was not found.', configuration, 'run upload again'],
    ['000625', "Statement 'x' has locked table 'FLIGHTS'", temporary, 'another transaction holds the table'],
    ['000604', 'SQL execution canceled', temporary, 'somebody cancelled'],
    ['000630', 'Statement reached its statement timeout', temporary, 'longer than it may'],
    ['000603', 'SQL execution internal error: incident 1234567.', temporary, 'incident 1234567'],
    ['370001', 'Internal error.', temporary, 'Internal error'],
    ['100038', "Numeric value 'abc' is not recognized", badData, "'abc'"],
    ['100072', 'NULL result in a non-nullable column', badData, 'NULL result'],
    ['100090', 'Duplicate row detected during DML action', badData, 'Duplicate row'],
    ['100078', "String 'abc' is too long and would be truncated", badData, 'too long'],
    [
      '001003',
      "SQL compilation error:\nsyntax error line 1 at position 0 unexpected 'x'.",
      defect,
      'syntax error',
    ],
    ['090236', 'Transaction aborted', defect, 'followed an error inside a transaction'],
    ['000002', 'Unsupported feature', defect, 'Unsupported feature'],
    ['390422', 'Incoming request with IP/Token 1.2.3.4 is not allowed', configuration, 'network policy'],
  ])('%s, %s, ends the step as it should', async (code, message, exit, told) => {
    await snowflake.faults([{ match: 'fail here', action: 'error', code, message, sqlState: '42000' }]);
    const failure = await failureOf(session.run('load flights', "SELECT 'fail here'"));
    expect(failure.message).toContain(told);
    expect(failure.message).toContain(`(Snowflake ${code})`);
    expect(failure.message.startsWith('load flights: ')).toBe(true);
    expect(failure.message).not.toContain('\n');
    expect(failure.exit).toBe(exit);
    expect(failure.cause).not.toBeInstanceOf(ConnectionLost);
    // It is an answer: the session goes on.
    expect(await session.rows('look', 'SELECT 1 AS a')).toEqual([{ a: 1 }]);
  });

  it('of a table that is really not there names the role', async () => {
    const failure = await failureOf(session.run('load', 'INSERT INTO nowhere VALUES (1)'));
    expect(failure.exit).toBe(configuration);
    expect(failure.message).toContain('LOADER');
  });

  it('is cut where it is long', async () => {
    const message = 'x'.repeat(10_000);
    await snowflake.faults([
      { match: 'fail here', action: 'error', code: '100038', message, sqlState: '22018' },
    ]);
    const failure = await failureOf(session.run('load', "SELECT 'fail here'"));
    expect(failure.message.length).toBeLessThan(600);
  });
});

describe('a login that is refused', () => {
  it.each<[code: string, said: string, exit: number, told: string]>([
    ['390144', 'JWT token is invalid. [1234]', configuration, "ALTER USER SERVICE SET RSA_PUBLIC_KEY = '…'"],
    [
      '390189',
      "Role 'LOADER' specified in the connect string does not exist or not authorized.",
      configuration,
      'GRANT ROLE LOADER TO USER SERVICE',
    ],
    ['390318', 'OAuth access token expired.', configuration, 'write a new one'],
    ['390303', 'Invalid OAuth access token.', configuration, 'write a new one'],
    ['390422', 'Incoming request with IP 1.2.3.4 is not allowed', configuration, 'network policy'],
    ['390100', 'Incorrect username or password was specified.', configuration, 'as SERVICE was refused'],
    ['390101', 'User temporarily locked.', configuration, 'whether the user is locked'],
  ])('%s, %s, says how to repair it', async (code, message, exit, told) => {
    await snowflake.faults([{ match: 'LOGIN', action: 'error', code, message }]);
    const auth = { kind: 'key_pair', user: 'SERVICE', secret: 'KEY' } as const;
    const failure = await failureOf(open(snowflake.url, { auth }, { secret: () => KEY }));
    expect(failure.message).toContain(told);
    expect(failure.message).toContain(`sign in to Snowflake: ${message}`);
    expect(failure.exit).toBe(exit);
  });

  it.each([403, 404])('by HTTP %i looks at the account', async (status) => {
    await snowflake.faults([{ match: 'LOGIN', action: 'status', status, count: 'all' }]);
    const failure = await failureOf(open(snowflake.url));
    expect(failure.exit).toBe(configuration);
    expect(failure.message).toContain('acme-eu1');
  });
});
