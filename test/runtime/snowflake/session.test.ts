import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { queryTag } from '../../../src/runtime/adapters/snowflake/settings.ts';
import { ConnectionLost } from '../../../src/runtime/sql-warehouse/session.ts';
import { EXIT } from '../../../src/spec/exit-codes.ts';
import { type Snowflake, startSnowflake } from '../../support/snowflake.ts';
import { startProxy } from './proxy.ts';
import { failureOf, IDENTITY, open } from './rig.ts';

let snowflake: Snowflake;
beforeAll(async () => {
  snowflake = await startSnowflake();
});
afterAll(() => snowflake[Symbol.asyncDispose]());

describe('a session', () => {
  it('has its settings, whatever the account says', async () => {
    await using session = await open(snowflake.url);
    await session.rows('look', 'SELECT 1');
    const [params] = (await snowflake.sessions()).map((one) => one.params);
    expect(params).toMatchObject({
      TIMEZONE: 'UTC',
      LOCK_TIMEOUT: 600,
      STATEMENT_TIMEOUT_IN_SECONDS: 14_400,
      ABORT_DETACHED_QUERY: true,
      TRANSACTION_ABORT_ON_ERROR: true,
      TIMESTAMP_NTZ_OUTPUT_FORMAT: 'YYYY-MM-DD HH24:MI:SS.FF6',
    });
  });

  it('ends with its owner, and nothing is written beside', async () => {
    {
      await using session = await open(snowflake.url);
      await session.run('work', 'CREATE OR REPLACE TEMPORARY TABLE gone (a NUMBER)');
      expect(await snowflake.sessions()).toHaveLength(1);
    }
    expect(await snowflake.sessions()).toEqual([]);
    expect(existsSync('snowflake.log')).toBe(false);
  });

  it('tags each statement with its run, and with the load where there is one', async () => {
    await using session = await open(snowflake.url);
    await session.rows('look', "SELECT 'before'");
    session.tagLoad('0b5c');
    await session.rows('look', "SELECT 'within'");
    session.tagLoad(undefined);
    await session.rows('look', "SELECT 'after'");
    const tagOf = async (word: string) =>
      JSON.parse((await snowflake.log()).findLast(({ sql }) => sql === `SELECT '${word}'`)?.tag ?? '{}');
    const run = { app: 'pipegen', dag: 'flights', task: 'load', run: 'scheduled__2026-02-01' };
    expect(await tagOf('before')).toEqual(run);
    expect(await tagOf('within')).toEqual({ ...run, load: '0b5c' });
    expect(await tagOf('after')).toEqual(run);
  });

  it.each(['x', 'ü', '"', '\u0001'])('keeps the tag within 2,000 characters, of %j too', (letter) => {
    const long = letter.repeat(5000);
    const tag = queryTag({ ...IDENTITY, dagId: long, runId: long }, 'load');
    expect(tag.length).toBeLessThanOrEqual(2000);
    expect(JSON.parse(tag)).toMatchObject({ task: 'load', load: 'load' });
  });

  it('asks for the right to make stages only where they are made', async () => {
    await using proxy = await startProxy(snowflake.url);
    proxy.withheld.add('schemaName');
    const failure = await failureOf(open(proxy.url, { stage: 'PIPEGEN_STAGE' }));
    expect(failure.message).toContain('GRANT USAGE, CREATE TABLE ON SCHEMA ANALYTICS.RAW TO ROLE LOADER');
  });

  it.each([
    ['warehouse', 'GRANT USAGE ON WAREHOUSE LOADING TO ROLE LOADER'],
    ['databaseName', 'GRANT USAGE ON DATABASE ANALYTICS TO ROLE LOADER'],
    ['schemaName', 'GRANT USAGE, CREATE TABLE, CREATE STAGE ON SCHEMA ANALYTICS.RAW TO ROLE LOADER'],
    ['roleName', 'GRANT ROLE LOADER TO USER …'],
  ])('without the %s of the environment says what to grant', async (name, grant) => {
    await using proxy = await startProxy(snowflake.url);
    proxy.withheld.add(name);
    const failure = await failureOf(open(proxy.url));
    expect(failure.exit).toBe(EXIT.configuration);
    expect(failure.message).toContain(grant);
    expect(await snowflake.sessions()).toEqual([]);
  });
});

describe('values', () => {
  it('come back exact', async () => {
    await using session = await open(snowflake.url);
    const [row] = await session.rows(
      'look',
      `SELECT 9007199254740991::NUMBER(38,0) AS safe, 99999999999999999999::NUMBER(38,0) AS large,
         1.10::NUMBER(10,2) AS price, 0.1::FLOAT AS real, TRUE AS yes, NULL AS nothing, '' AS empty, 'NULL' AS word,
         '2026-01-31'::DATE AS day, '1969-12-31 23:59:59.999999'::TIMESTAMP_NTZ AS moment,
         NULL::TIMESTAMP_NTZ AS never, PARSE_JSON('{"a":9007199254740993}') AS json, 1 AS "Ünï ""q"""`,
    );
    expect(row).toEqual({
      safe: 9007199254740991,
      large: '99999999999999999999',
      price: '1.10',
      real: 0.1,
      yes: true,
      nothing: null,
      empty: '',
      word: 'NULL',
      day: '2026-01-31',
      moment: '1969-12-31 23:59:59.999999',
      never: null,
      json: '{"a":9007199254740993}',
      'ünï "q"': 1,
    });
  });

  it('are bound, and are nothing but data', async () => {
    await using session = await open(snowflake.url);
    const hostile = ["'; DROP TABLE t; --", 'a\\', '"', 'Ünïcode 🛫', ':2', '?', 'x'.repeat(100_000)];
    for (const text of hostile) {
      expect(await session.rows('look', 'SELECT :1 AS v, :2 AS n, :1 AS again', [text, null])).toEqual([
        { v: text, n: null, again: text },
      ]);
    }
    const exact = await session.rows('look', 'SELECT :1::NUMBER(38,0) AS v, :2 AS w, :3 AS b', [
      '12345678901234567890',
      42,
      false,
    ]);
    expect(exact).toEqual([{ v: '12345678901234567890', w: 42, b: false }]);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, undefined as unknown as null])(
    'that the driver would change are refused: %s',
    async (value) => {
      await using session = await open(snowflake.url);
      await expect(session.run('bind', 'SELECT :1', [value])).rejects.toThrow("can't be bound");
    },
  );

  it('more than one answer holds arrive whole', async () => {
    await snowflake.config({ chunk_rows: 100 });
    await using session = await open(snowflake.url);
    const sql = 'SELECT SEQ4() AS n FROM TABLE(GENERATOR(ROWCOUNT => 1000))';
    const rows = await session.rows('look', sql);
    expect(rows).toHaveLength(1000);
  });
});

it('says how many rows a statement changed', async () => {
  await using session = await open(snowflake.url);
  const changed = [];
  for (const sql of [
    'CREATE OR REPLACE TABLE counted (a NUMBER, b VARCHAR)',
    "INSERT INTO counted VALUES (1, 'x'), (2, 'y'), (3, 'z')",
    'UPDATE counted SET b = NULL WHERE a > 1',
    'MERGE INTO counted t USING (SELECT 3 AS a UNION ALL SELECT 4) s ON t.a = s.a WHEN MATCHED THEN UPDATE SET b = 1 WHEN NOT MATCHED THEN INSERT (a) VALUES (s.a)',
    'DELETE FROM counted WHERE a = 1',
    'SELECT * FROM counted',
  ]) {
    changed.push(await session.run('change', sql));
  }
  expect(changed).toEqual([0, 3, 2, 2, 1, 0]);
});

it('runs one statement at a time, never two in one', async () => {
  await using session = await open(snowflake.url);
  await session.run('make', 'CREATE OR REPLACE TABLE kept (a NUMBER)');
  await expect(session.run('two', 'SELECT 1; DROP TABLE kept')).rejects.toThrow();
  expect(await session.rows('look', 'SELECT COUNT(*) AS n FROM kept')).toEqual([{ n: 0 }]);
});

it('begins anew where it is told to', async () => {
  await using session = await open(snowflake.url);
  await session.run('make', 'CREATE OR REPLACE TEMPORARY TABLE mine (a NUMBER)');
  await snowflake.expire();
  const failure = await failureOf(session.rows('look', 'SELECT 1'));
  expect(failure.exit).toBe(EXIT.temporary);
  expect(failure.cause).toBeInstanceOf(ConnectionLost);
  expect((await failureOf(session.run('roll back', 'ROLLBACK'))).cause).toBeInstanceOf(ConnectionLost);
  await session.reconnect();
  expect(await session.rows('look', 'SELECT 1 AS a')).toEqual([{ a: 1 }]);
  expect((await failureOf(session.rows('look', 'SELECT * FROM mine'))).exit).toBe(EXIT.configuration);
});
