import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Snowflake, startSnowflake } from '../support/snowflake.ts';
import { connect } from './connect.ts';

let snowflake: Snowflake;

beforeAll(async () => {
  snowflake = await startSnowflake();
});

afterAll(() => snowflake[Symbol.asyncDispose]());

test('a large result comes in chunks', async () => {
  await snowflake.config({ chunk_rows: 100 });
  await using client = await connect(snowflake);

  const rows = await client.rows('select seq4() as n from table(generator(rowcount => 250)) order by 1');

  await snowflake.config({ chunk_rows: 10_000 });
  expect(rows.map((row) => row.N)).toEqual(Array.from({ length: 250 }, (_, n) => String(n)));
});

test('a long statement is asked for until it is done', async () => {
  await snowflake.config({ progress_after: 0.2 });
  await using client = await connect(snowflake);

  const rows = await client.rows('select system$wait(1)');

  await snowflake.config({ progress_after: 45 });
  expect(rows).toEqual([{ SYSTEM$WAIT: 'waited 1 seconds' }]);
});

test('the result of a statement that was only sent is fetched by its id', async () => {
  await using client = await connect(snowflake);
  const queryId = await new Promise<string>((resolve, reject) => {
    client.connection.execute({
      ...{ sqlText: 'select 7 as seven', asyncExec: true },
      complete: (error, statement) => (error ? reject(error) : resolve(statement.getQueryId())),
    });
  });

  const rows = await new Promise((resolve, reject) => {
    void client.connection.getResultsFromQueryId({
      ...{ queryId, sqlText: '' },
      complete: (error, _, found) => (error ? reject(error) : resolve(found)),
    });
  });

  expect(rows).toEqual([{ SEVEN: '7' }]);
});

test('a statement can be cancelled, and the session goes on', async () => {
  await using client = await connect(snowflake);
  const cancelled = new Promise((resolve) => {
    const statement = client.connection.execute({
      sqlText: 'select system$wait(60)',
      requestId: crypto.randomUUID(),
      complete: (error) => resolve(error),
    });
    const cancel = async () => {
      const log = await snowflake.log();
      if (log.some(({ sql, status }) => sql.endsWith('(60)') && status === 'running')) {
        statement.cancel(() => undefined);
      } else {
        setTimeout(cancel, 20);
      }
    };
    void cancel();
  });

  expect(await cancelled).toMatchObject({ code: '000604' });
  expect(await client.rows('select 1 as one')).toEqual([{ ONE: '1' }]);
});

test('STATEMENT_TIMEOUT_IN_SECONDS ends a statement', async () => {
  await using client = await connect(snowflake);
  await client.rows('alter session set statement_timeout_in_seconds = 1');

  expect(await client.failure('select system$wait(60)')).toMatchObject({ code: '000630' });
});

test('an expired token is renewed, a session that is gone stays gone', async () => {
  await using client = await connect(snowflake);
  await client.rows('create temporary table kept (a integer)');
  await snowflake.faults([{ match: 'from kept', action: 'error', code: '390112' }]);

  expect(await client.rows('select count(*) as n from kept')).toEqual([{ N: '0' }]);

  await snowflake.expire();
  expect(await client.failure('select 1')).toMatchObject({ code: 407002, sqlState: '08003' });
  expect(await snowflake.sessions()).toEqual([]);
});

test('a requestId that comes again does not run again', async () => {
  await using client = await connect(snowflake);
  await client.rows('create or replace table once (a integer)');
  const requestId = crypto.randomUUID();

  await client.rows('insert into once values (1)', undefined, { requestId });
  await client.rows('insert into once values (1)', undefined, { requestId });

  expect(await client.rows('select count(*) as n from once')).toEqual([{ N: '1' }]);
  const log = await snowflake.log();
  expect(log.filter(({ sql }) => sql.startsWith('insert into once')).map(({ status }) => status)).toEqual([
    'ok',
    'resubmitted',
  ]);
});

test('the log has the tag of a session', async () => {
  await using client = await connect(snowflake);
  await client.rows("alter session set query_tag = 'a tag'");
  await client.rows('select 1 as tagged');

  expect((await snowflake.log()).find(({ sql }) => sql.endsWith('tagged'))).toMatchObject({ tag: 'a tag' });
});

test('what is sent to sign in can be seen', async () => {
  await using _ = await connect(snowflake, { authenticator: 'OAUTH', token: 'a token', role: 'somebody' });

  expect((await snowflake.logins()).at(-1)).toMatchObject({
    query: { roleName: 'somebody', databaseName: 'RAW', schemaName: 'PUBLIC', warehouse: 'LOADING' },
    data: { AUTHENTICATOR: 'OAUTH', TOKEN: 'a token' },
  });
});

test('where it is strict, only what was made can be used', async () => {
  await using admin = await connect(snowflake, { role: 'ACCOUNTADMIN' });
  await admin.rows('create role if not exists strict_role');
  await admin.rows('create table if not exists strict_table (a integer)');
  await snowflake.config({ strict: true });
  const wanted = { role: 'strict_role', warehouse: 'none', database: 'nowhere', schema: 'nothing' };

  const refused = await connect(snowflake, { role: 'unknown' }).catch((error) => error);
  await using client = await connect(snowflake, wanted);
  const [session] = await client.rows(
    'select current_role() r, current_warehouse() w, current_database() d, current_schema() s',
  );
  const unread = await client.failure('select * from raw.public.strict_table');
  const unused = await client.failure('use warehouse none');

  await snowflake.config({ strict: false });
  expect(refused).toMatchObject({ code: '390189' });
  expect(session).toEqual({ R: 'STRICT_ROLE', W: null, D: null, S: null });
  expect(unread).toMatchObject({ code: '000606' });
  expect(unused).toMatchObject({ code: '002043' });
});
