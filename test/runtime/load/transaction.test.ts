import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { Engine } from '../../../src/runtime/adapters/duckdb/engine.ts';
import { DuckdbSession } from '../../../src/runtime/adapters/duckdb/session.ts';
import { configuration, temporary } from '../../../src/runtime/errors.ts';
import { ConnectionLost, type SqlSession } from '../../../src/runtime/sql-warehouse/session.ts';
import { inTransaction } from '../../../src/runtime/sql-warehouse/transaction.ts';

const lost = () => temporary('the connection was lost', new ConnectionLost());

/** A session on DuckDB that loses its connection at COMMIT. */
class LosingSession extends DuckdbSession implements SqlSession {
  readonly #when: 'before' | 'after';
  readonly #refused: boolean;

  constructor(engine: Engine, when: 'before' | 'after', refused = false) {
    super(engine);
    this.#when = when;
    this.#refused = refused;
  }

  override async run(doing: string, sql: string): Promise<number> {
    if (sql !== 'COMMIT') return super.run(doing, sql);
    // What a server does with the transaction of a connection that is gone.
    await super.run(doing, this.#when === 'before' ? 'ROLLBACK' : 'COMMIT');
    throw lost();
  }

  override async reconnect(): Promise<void> {
    if (this.#refused) throw configuration('the login is refused');
  }
}

let scratch: string;
let engine: Engine;
beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), 'pipegen-test-'));
  engine = await Engine.open({
    scratch,
    signal: new AbortController().signal,
    log: pino({ level: 'silent' }),
  });
});
beforeEach(() => engine.run('begin anew', 'CREATE OR REPLACE TABLE loads (id INTEGER)'));
afterAll(() => {
  engine?.[Symbol.dispose]();
  rmSync(scratch, { recursive: true, force: true });
});

const insert = (session: SqlSession) => async () => {
  await session.run('insert', 'INSERT INTO loads VALUES (1)');
  return true;
};
const count = async () => (await engine.rows('count', 'SELECT * FROM loads')).length;
const committed = async () => (await count()) === 1;

test('a lost answer to COMMIT is looked up: what is there was committed', async () => {
  const session = new LosingSession(engine, 'after');
  expect(await inTransaction(session, insert(session), committed)).toBe(true);
  expect(await count()).toBe(1);
});

test('what is not there is told as lost, so that it is tried again', async () => {
  const session = new LosingSession(engine, 'before');
  await expect(inTransaction(session, insert(session), committed)).rejects.toMatchObject({ exit: 75 });
  expect(await count()).toBe(0);
});

test('the loss is what is told, also where nobody can look', async () => {
  const session = new LosingSession(engine, 'after', true);
  await expect(inTransaction(session, insert(session), committed)).rejects.toMatchObject({
    exit: 75,
    message: 'the connection was lost',
  });
  await expect(inTransaction(session, insert(session))).rejects.toMatchObject({ exit: 75 });
});

test('work that says no, or fails, leaves nothing and no transaction open', async () => {
  const session = new DuckdbSession(engine);
  const refuse = async () => {
    await insert(session)();
    return false;
  };
  const fail = async () => {
    await insert(session)();
    throw new Error('said by the work');
  };
  expect(await inTransaction(session, refuse, committed)).toBe(false);
  await expect(inTransaction(session, fail, committed)).rejects.toThrow('said by the work');
  expect(await count()).toBe(0);
  expect(await inTransaction(session, insert(session), committed)).toBe(true);
});
