import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { stopped } from '../../../src/runtime/errors.ts';
import { ConnectionLost } from '../../../src/runtime/sql-warehouse/session.ts';
import { EXIT } from '../../../src/spec/exit-codes.ts';
import { type Snowflake, startSnowflake } from '../../support/snowflake.ts';
import { startProxy } from './proxy.ts';
import { failureOf, open } from './rig.ts';

let snowflake: Snowflake;
beforeAll(async () => {
  snowflake = await startSnowflake();
});
afterAll(() => snowflake[Symbol.asyncDispose]());
beforeEach(async () => {
  await snowflake.expire();
  await snowflake.faults([]);
  await snowflake.config({ progress_after: 45 });
});

const LOOK = "SELECT 'look here' AS a";
const LONG = 'SELECT SYSTEM$WAIT(60)';

/** Milliseconds: what does not come by then will not. */
const WAIT = { timeout: 20_000, interval: 20 };

/** What became of the statement in Snowflake, in the order of its attempts. */
async function attempts(sql: string, from = 0): Promise<string[]> {
  const log = (await snowflake.log()).slice(from).filter((one) => one.sql === sql);
  return log.map(({ status, code }) => code ?? status);
}

function started(sql: string): Promise<void> {
  return vi.waitFor(async () => expect(await attempts(sql)).toContain('running'), WAIT);
}

function noSessions(): Promise<void> {
  return vi.waitFor(async () => expect(await snowflake.sessions()).toEqual([]), WAIT);
}

describe('a fault that the driver mends by itself', () => {
  it.each([
    ['before' as const, 'drop' as const],
    ['after' as const, 'drop' as const],
    ['before' as const, 'status' as const],
    ['after' as const, 'truncate' as const],
  ])('%s the statement, %s, lets it run once', async (phase, action) => {
    await using session = await open(snowflake.url);
    await session.run('make', 'CREATE OR REPLACE TABLE once (a NUMBER)');
    await snowflake.faults([{ match: 'INSERT INTO once', phase, action, status: 503 }]);
    expect(await session.run('insert', 'INSERT INTO once VALUES (1)')).toBe(1);
    expect(await session.rows('look', 'SELECT COUNT(*) AS n FROM once')).toEqual([{ n: 1 }]);
  });

  it('is a token that ran out', async () => {
    await using session = await open(snowflake.url);
    await snowflake.faults([{ match: 'look here', action: 'error', code: '390112', message: 'expired' }]);
    expect(await session.rows('look', LOOK)).toEqual([{ a: 'look here' }]);
  });

  it('is a login that was dropped', async () => {
    await snowflake.faults([{ match: 'LOGIN', action: 'drop' }]);
    await using session = await open(snowflake.url);
    expect(await session.rows('look', LOOK)).toEqual([{ a: 'look here' }]);
  });
});

describe('a connection is lost', () => {
  it.each([
    ['that hangs before it runs', { phase: 'before', action: 'hang' } as const, []],
    ['whose answer hangs', { phase: 'after', action: 'hang' } as const, ['ok']],
    ['that is dropped again and again', { phase: 'before', action: 'drop' } as const, []],
    ['that meets 503 again and again', { phase: 'before', action: 'status', status: 503 } as const, []],
  ])('by a statement %s', async (_, fault, ran) => {
    await using session = await open(snowflake.url, {}, { patience: { answer: 3000, farewell: 1000 } });
    const before = (await snowflake.log()).length;
    await snowflake.faults([{ match: 'look here', count: 'all', ...fault }]);
    const failure = await failureOf(session.rows('look at it', LOOK));
    expect(failure.exit).toBe(EXIT.temporary);
    expect(failure.cause).toBeInstanceOf(ConnectionLost);
    expect(failure.message).toBe('look at it: Snowflake said nothing of the statement for 3 s');
    // Without the session no repeat of the driver can run it later.
    await noSessions();
    expect((await attempts(LOOK, before)).filter((one) => one !== 'resubmitted')).toEqual(ran);
    await snowflake.faults([]);
    await session.reconnect();
    expect(await session.rows('look', 'SELECT 1 AS a')).toEqual([{ a: 1 }]);
  });

  it('by an answer that is none of Snowflake’s', async () => {
    await using session = await open(snowflake.url);
    await snowflake.faults([{ match: 'look here', action: 'garbage', count: 'all' }]);
    const failure = await failureOf(session.rows('look', LOOK));
    expect(failure.exit).toBe(EXIT.temporary);
    expect(failure.cause).toBeInstanceOf(ConnectionLost);
  });

  it('with its session', async () => {
    await using session = await open(snowflake.url);
    await snowflake.faults([{ match: 'look here', action: 'kill_session' }]);
    const failure = await failureOf(session.rows('look', LOOK));
    expect(failure.exit).toBe(EXIT.temporary);
    expect(failure.message).toBe('look: the session of Snowflake is gone');
    expect(failure.cause).toBeInstanceOf(ConnectionLost);
    await session.reconnect();
    expect(await session.rows('look', LOOK)).toEqual([{ a: 'look here' }]);
  });

  it('with a network that is dead while a statement runs', async () => {
    await snowflake.config({ progress_after: 0.1 });
    await using proxy = await startProxy(snowflake.url);
    const patience = { answer: 60_000, silence: 3000, farewell: 200 };
    await using session = await open(proxy.url, {}, { patience });
    const running = failureOf(session.run('wait', LONG));
    await started(LONG);
    proxy.silence();
    const failure = await running;
    expect(failure.message).toBe('wait: Snowflake gave no sign of life for 3 s');
    expect(failure.exit).toBe(EXIT.temporary);
    expect(failure.cause).toBeInstanceOf(ConnectionLost);
    await snowflake.expire();
  });
});

it('a statement that runs long is left alone', async () => {
  await snowflake.config({ progress_after: 0.1 });
  await using session = await open(snowflake.url, {}, { patience: { answer: 4000, silence: 4000 } });
  await session.run('wait', 'SELECT SYSTEM$WAIT(6)');
});

it('a statement that runs too long is cancelled', async () => {
  await snowflake.config({ progress_after: 0.1 });
  await using session = await open(snowflake.url, {}, { patience: { statement: 3000 } });
  const failure = await failureOf(session.run('wait', LONG));
  expect(failure.exit).toBe(EXIT.temporary);
  expect(failure.cause).toBeInstanceOf(ConnectionLost);
  await noSessions();
  expect((await attempts(LONG)).at(-1)).toBe('000604');
});

describe('a step that is told to stop', () => {
  it.each([0.1, 45])(
    'cancels what runs in Snowflake (which says after %s s that it runs)',
    async (progress) => {
      await snowflake.config({ progress_after: progress });
      const abort = new AbortController();
      await using session = await open(snowflake.url, {}, { signal: abort.signal });
      const reason = stopped();
      const running = failureOf(session.run('wait', LONG));
      await started(LONG);
      abort.abort(reason);
      expect(await running).toBe(reason);
      await noSessions();
      expect((await attempts(LONG)).at(-1)).toBe('000604');
      expect(await failureOf(session.run('roll back', 'ROLLBACK'))).toBe(reason);
      expect(await failureOf(session.reconnect())).toBe(reason);
    },
  );

  it('rolls back what was open', async () => {
    const abort = new AbortController();
    await using session = await open(snowflake.url, {}, { signal: abort.signal });
    await session.run('make', 'CREATE OR REPLACE TABLE half (a NUMBER)');
    await session.run('begin', 'BEGIN');
    await session.run('insert', 'INSERT INTO half VALUES (1)');
    const running = failureOf(session.run('wait', LONG));
    await started(LONG);
    abort.abort(stopped());
    expect((await running).exit).toBe(EXIT.stopped);
    await using other = await open(snowflake.url);
    expect(await other.rows('look', 'SELECT COUNT(*) AS n FROM half')).toEqual([{ n: 0 }]);
  });

  it('waits for no login', async () => {
    await snowflake.faults([{ match: 'LOGIN', action: 'hang', count: 'all' }]);
    const abort = new AbortController();
    const opening = failureOf(open(snowflake.url, {}, { signal: abort.signal }));
    const reason = stopped();
    abort.abort(reason);
    expect(await opening).toBe(reason);
  });
});

describe('a login', () => {
  it.each(['hang', 'drop'] as const)('that meets nothing but %s ends in time', async (action) => {
    await snowflake.faults([{ match: 'LOGIN', action, count: 'all' }]);
    const failure = await failureOf(open(snowflake.url, {}, { patience: { login: 1000 } }));
    expect(failure.exit).toBe(EXIT.temporary);
    expect(failure.message).toBe(
      'sign in to Snowflake: nothing came for 1 s: see account and endpoint of the environment',
    );
  });

  it('that comes too late leaves no session', async () => {
    await snowflake.faults([{ match: 'LOGIN', action: 'delay', s: 1 }]);
    const before = (await snowflake.logins()).length;
    await failureOf(open(snowflake.url, {}, { patience: { login: 300 } }));
    // Perhaps that of the test before, which came late too, is among them.
    await vi.waitFor(async () => expect((await snowflake.logins()).length).toBeGreaterThan(before), WAIT);
    await noSessions();
  });
});

it('a farewell to a dead network has an end', async () => {
  await using proxy = await startProxy(snowflake.url);
  const session = await open(proxy.url, {}, { patience: { farewell: 200 } });
  proxy.silence();
  await session[Symbol.asyncDispose]();
  await snowflake.expire();
});
