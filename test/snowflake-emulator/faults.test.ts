import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Fault, type Snowflake, startSnowflake } from '../support/snowflake.ts';
import { type Client, connect } from './connect.ts';

let snowflake: Snowflake;
let client: Client;

beforeAll(async () => {
  snowflake = await startSnowflake();
});

afterAll(() => snowflake[Symbol.asyncDispose]());

beforeEach(async () => {
  await snowflake.faults([]);
  client = await connect(snowflake);
  await client.rows('create or replace table t (a integer)');
});

const rows = async (): Promise<number> =>
  Number((await (await connect(snowflake)).rows('select count(*) as n from t'))[0]?.N);

// The driver repeats the request by itself, with the same requestId.
const ONCE: readonly Fault[] = [
  { action: 'drop' },
  { action: 'drop', phase: 'after' },
  { action: 'status', status: 503 },
  { action: 'status', status: 429, phase: 'after' },
  { action: 'garbage', phase: 'after' },
  { action: 'truncate', phase: 'after' },
  { action: 'delay', s: 0.1 },
  { action: 'hang', s: 0.1, phase: 'after' },
];

test.each(ONCE)('after $action $phase $status once the statement has run once', async (fault) => {
  await snowflake.faults([{ match: 'insert into t', ...fault }]);

  await client.rows('insert into t values (1)');

  expect(await rows()).toBe(1);
});

test('an error is answered instead of the statement', async () => {
  const error = { code: '100100', sqlState: '22000', message: 'no such luck' };
  await snowflake.faults([{ match: 'insert into t', action: 'error', ...error }]);

  expect(await client.failure('insert into t values (1)')).toMatchObject(error);
  expect(await rows()).toBe(0);
});

test('a statement that ran is said to have failed', async () => {
  await snowflake.faults([{ match: 'insert into t', action: 'error', phase: 'after', code: '000603' }]);

  expect(await client.failure('insert into t values (1)')).toMatchObject({ code: '000603' });
  expect(await rows()).toBe(1);
});

test('a session is killed before a statement', async () => {
  await client.rows('begin');
  await client.rows('insert into t values (1)');
  await snowflake.faults([{ match: 'commit', action: 'kill_session' }]);

  expect(await client.failure('commit')).toMatchObject({ code: 407002 });
  expect(await rows()).toBe(0);
});

test('the third of those that match, and no other', async () => {
  await snowflake.faults([{ match: 'insert', nth: 3, action: 'error', code: '000603' }]);
  const codes = [];
  for (const n of [1, 2, 3, 4]) {
    codes.push(
      await client.rows(`insert into t values (${n})`).then(
        () => 'ok',
        ({ code }) => code,
      ),
    );
  }

  expect(codes).toEqual(['ok', 'ok', '000603', 'ok']);
});

test('every request with count all', async () => {
  await snowflake.faults([{ match: 'insert', count: 'all', action: 'error', code: '000603' }]);

  for (const n of [1, 2]) {
    expect(await client.failure(`insert into t values (${n})`)).toMatchObject({ code: '000603' });
  }
});

test('a chunk of a large result is lost once', async () => {
  await snowflake.config({ chunk_rows: 10 });
  await snowflake.faults([{ phase: 'chunk', action: 'drop' }]);

  const found = await client.rows('select seq4() as n from table(generator(rowcount => 30))');

  await snowflake.config({ chunk_rows: 10_000 });
  expect(found).toHaveLength(30);
});

test('signing in fails', async () => {
  await snowflake.faults([
    { match: '^LOGIN$', action: 'error', code: '390144', message: 'JWT token is invalid' },
  ]);

  await expect(connect(snowflake)).rejects.toMatchObject({ code: '390144' });
});

test('a fault that is not known is refused', async () => {
  await expect(snowflake.faults([{ action: 'explode' as 'drop' }])).rejects.toThrow('400');
});
