import type { Connection } from 'snowflake-sdk';
import type { Snowflake } from '../../../spec/snowflake.ts';
import type { StepContext } from '../../context.ts';
import { ConnectionLost, type SqlRow, type SqlSession, type SqlValue } from '../../sql-warehouse/session.ts';
import { close, connect } from './connect.ts';
import { type Answer, execute } from './execute.ts';
import { missingNames, snowflakeFailure, type Who } from './failure.ts';
import { ALTER_SESSION, namesOf, PATIENCE, type Patience, queryTag } from './settings.ts';

export interface SessionOptions
  extends Pick<StepContext, 'identity' | 'signal' | 'secret' | 'redact' | 'home' | 'environment'> {
  readonly warehouse: Snowflake;
  readonly patience?: Partial<Patience>;
}

export interface SnowflakeSession extends SqlSession {
  /** From here on statements carry the id of this load in their query tag; undefined ends it. */
  tagLoad(loadId: string | undefined): void;
}

/**
 * A session with everything set and proved: role, warehouse, database and schema are those of the environment, or it
 * fails as configuration with what has to be granted. After the signal it cancels what runs, and every call fails
 * with the signal's reason.
 */
export async function openSnowflakeSession(options: SessionOptions): Promise<SnowflakeSession> {
  const session = new Session(options);
  await session.reconnect();
  return session;
}

class Session implements SnowflakeSession {
  readonly #options: SessionOptions;
  readonly #who: Who;
  readonly #patience: Patience;
  #connection: Connection | undefined;
  #load: string | undefined;

  constructor(options: SessionOptions) {
    const { warehouse, patience } = options;
    const { auth, account, stage } = warehouse;
    const user = auth !== undefined && 'user' in auth ? auth.user : undefined;
    this.#options = options;
    this.#patience = { ...PATIENCE, ...patience };
    this.#who = { ...namesOf(warehouse), account, stage, user, auth: auth?.kind ?? 'none' };
  }

  tagLoad(loadId: string | undefined): void {
    this.#load = loadId;
  }

  async run(doing: string, sql: string, values: readonly SqlValue[] = []): Promise<number> {
    return (await this.#execute(doing, sql, values)).changed;
  }

  async rows(doing: string, sql: string, values: readonly SqlValue[] = []): Promise<SqlRow[]> {
    return (await this.#execute(doing, sql, values)).rows;
  }

  async reconnect(): Promise<void> {
    await this.#drop();
    const { warehouse, signal } = this.#options;
    this.#connection = await connect(warehouse, this.#options, this.#who, this.#patience, signal);
    try {
      await this.run('set the session up', ALTER_SESSION);
      await this.#prove();
    } catch (error) {
      await this.#drop();
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#drop();
  }

  /** Snowflake signs in who names what is not there or not granted, and fails at the first statement instead. */
  async #prove(): Promise<void> {
    const [found] = await this.rows(
      'look at the session',
      'SELECT CURRENT_ROLE() AS "ROLE", CURRENT_WAREHOUSE() AS "WAREHOUSE", CURRENT_DATABASE() AS "DATABASE", CURRENT_SCHEMA() AS "SCHEMA"',
    );
    const { role, warehouse, database, schema } = found ?? {};
    const failure = missingNames({ role, warehouse, database, schema }, this.#who);
    if (failure !== undefined) throw failure;
  }

  async #execute(doing: string, sql: string, values: readonly SqlValue[]): Promise<Answer> {
    const { signal, identity } = this.#options;
    try {
      if (this.#connection === undefined) {
        if (signal.aborted) throw signal.reason;
        throw new ConnectionLost('the session of Snowflake is gone');
      }
      const parameters = { QUERY_TAG: queryTag(identity, this.#load) };
      return await execute(this.#connection, { sql, values, parameters }, this.#patience, signal);
    } catch (error) {
      const failure = snowflakeFailure(error, doing, this.#who);
      // The driver may still repeat what it sent. Without its session nothing of it can come to pass later, and what
      // its transaction holds is free.
      if (signal.aborted || failure.cause instanceof ConnectionLost) await this.#drop();
      throw failure;
    }
  }

  async #drop(): Promise<void> {
    const connection = this.#connection;
    this.#connection = undefined;
    if (connection !== undefined) await close(connection, this.#patience.farewell);
  }
}
