/** A value that a statement is given. Integers beyond 2^53 are sent as text. */
export type SqlValue = string | number | boolean | null;

/** By lower-case column name. What must be exact comes as text: the query casts it. */
export type SqlRow = Readonly<Record<string, unknown>>;

/** One session of a warehouse in UTC. Fails with `StepError`; after a lost connection `ConnectionLost` is its cause. */
export interface SqlSession extends AsyncDisposable {
  /**
   * Runs one statement; returns the rows it changed, 0 where it changes none. `doing` is for the message of a
   * failure, such as `insert into raw.flights`.
   */
  run(doing: string, sql: string, values?: readonly SqlValue[]): Promise<number>;
  rows(doing: string, sql: string, values?: readonly SqlValue[]): Promise<SqlRow[]>;
  /**
   * Ends what is left of a lost session and opens a new one; its temporary tables are gone. Nothing to do where there
   * is no connection to lose.
   */
  reconnect(): Promise<void>;
}

/** What has become of the statement is not known. */
export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost';
}
