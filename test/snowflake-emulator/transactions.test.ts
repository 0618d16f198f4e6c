import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Snowflake, startSnowflake } from '../support/snowflake.ts';
import { type Client, connect } from './connect.ts';

let snowflake: Snowflake;

beforeAll(async () => {
  snowflake = await startSnowflake();
});

afterAll(() => snowflake[Symbol.asyncDispose]());

async function two(): Promise<[Client, Client]> {
  const [a, b] = [await connect(snowflake), await connect(snowflake)];
  await a.rows('create or replace table t (a integer)');
  await a.rows('insert into t values (1), (2)');
  return [a, b];
}

async function until(sql: string, status: string): Promise<void> {
  while (!(await snowflake.log()).some((one) => one.sql === sql && one.status === status)) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const values = async (client: Client) =>
  (await client.rows('select a from t order by a')).map((row) => Number(row.A));

test('a DELETE waits for the lock of another, and works on what that one has committed', async () => {
  const [a, b] = await two();
  await a.rows('begin');
  await a.rows('delete from t where a = 1');
  await a.rows('insert into t values (3)');
  const waiting = b.rows('delete from t where a >= 2 and a < 100');
  await until('delete from t where a >= 2 and a < 100', 'running');

  expect(await values(await connect(snowflake))).toEqual([1, 2]);
  await a.rows('commit');

  expect(await waiting).toEqual([{ 'number of rows deleted': '2' }]);
  expect(await values(a)).toEqual([]);
});

test('LOCK_TIMEOUT ends the waiting, not the transaction', async () => {
  const [a, b] = await two();
  await a.rows('begin');
  await a.rows('update t set a = 10 where a = 1');
  await b.rows('alter session set lock_timeout = 1');
  await b.rows('begin');
  await b.rows('insert into t values (5)');

  expect(await b.failure('delete from t')).toMatchObject({ code: '000625' });
  await b.rows('commit');
  await a.rows('rollback');

  expect(await values(a)).toEqual([1, 2, 5]);
});

test('two that insert do not wait for each other', async () => {
  const [a, b] = await two();
  for (const client of [a, b]) await client.rows('begin');
  await a.rows('insert into t values (3)');
  await b.rows('insert into t values (4)');
  for (const client of [a, b]) await client.rows('commit');

  expect(await values(a)).toEqual([1, 2, 3, 4]);
});

test('a transaction whose client is gone loses its lock in the end', async () => {
  const [a, b] = await two();
  await snowflake.config({ abandon_s: 0.3 });
  await a.rows('begin');
  await a.rows('delete from t');

  await b.rows('delete from t where a = 1');

  await snowflake.config({ abandon_s: 300 });
  expect(await values(b)).toEqual([2]);
});

test('a session that ends rolls back', async () => {
  const [a, b] = await two();
  await a.rows('begin');
  await a.rows('delete from t');
  await a[Symbol.asyncDispose]();

  expect(await values(b)).toEqual([1, 2]);
});

test('DDL of two sessions at once succeeds', async () => {
  const clients = await Promise.all(Array.from({ length: 4 }, () => connect(snowflake)));
  await Promise.all(
    clients.map(async (client, n) => {
      await client.rows('create table if not exists together (a integer)');
      await client.rows(`alter table together add column if not exists c${n} integer`);
      await client.rows('insert into together (a) values (1)');
    }),
  );

  const [row] = await (clients[0] as Client).rows('select * from together');
  expect(Object.keys(row ?? {}).sort()).toEqual(['A', 'C0', 'C1', 'C2', 'C3']);
});

test('a table is altered while another has written to it, and both are kept', async () => {
  const [a, b] = await two();
  await a.rows('begin');
  await a.rows('insert into t (a) values (3)');
  await b.rows('alter table t add column b varchar');
  await a.rows('commit');

  expect(await values(b)).toEqual([1, 2, 3]);
});

test('what a transaction has read before its first write, others may change', async () => {
  const [a, b] = await two();
  await a.rows('begin');
  expect(await values(a)).toEqual([1, 2]);
  await b.rows('insert into t values (3)');

  expect(await values(a)).toEqual([1, 2, 3]);
  await a.rows('rollback');
});

test('only TRANSACTION_ABORT_ON_ERROR keeps the half of a transaction from being committed', async () => {
  const [a] = await two();
  await a.rows('alter session set transaction_abort_on_error = true');
  await a.rows('begin');
  await a.rows('insert into t values (3)');
  expect(await a.failure("insert into t values ('x')")).toMatchObject({ code: '100038' });
  expect(await a.failure('insert into t values (4)')).toMatchObject({ code: '090236' });
  await a.rows('commit');

  expect(await values(a)).toEqual([1, 2]);
});
