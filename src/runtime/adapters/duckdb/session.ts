import type { SqlRow, SqlSession, SqlValue } from '../../sql-warehouse/session.ts';
import type { Engine } from './engine.ts';

/** A database of this process: there is no connection to lose. */
export class DuckdbSession implements SqlSession {
  readonly #engine: Engine;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  run(doing: string, sql: string, values?: readonly SqlValue[]): Promise<number> {
    return this.#engine.run(doing, sql, values);
  }

  rows(doing: string, sql: string, values?: readonly SqlValue[]): Promise<SqlRow[]> {
    return this.#engine.rows(doing, sql, values);
  }

  async reconnect(): Promise<void> {}

  async [Symbol.asyncDispose](): Promise<void> {
    this.#engine[Symbol.dispose]();
  }
}
