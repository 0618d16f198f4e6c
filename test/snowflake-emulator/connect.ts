import snowflake, { type Connection } from 'snowflake-sdk';
import type { Snowflake } from '../support/snowflake.ts';

snowflake.configure({ logLevel: 'OFF' });

type Row = Record<string, unknown>;

/** What the driver says of a failure. */
export interface Failure extends Error {
  readonly code: string | number;
  readonly sqlState?: string;
}

export interface Client extends AsyncDisposable {
  readonly connection: Connection;
  /** All values are texts. */
  rows(sql: string, binds?: unknown[], more?: object): Promise<Row[]>;
  failure(sql: string): Promise<Failure>;
}

/** A session by the real driver. */
export async function connect(emulator: Snowflake, options: object = {}): Promise<Client> {
  const connection = snowflake.createConnection({
    ...emulator.connection,
    fetchAsString: ['Number', 'Date', 'JSON', 'Boolean', 'Buffer'],
    representNullAsStringNull: false,
    sfRetryMaxLoginRetries: 1,
    ...options,
  } as never);
  await new Promise<void>((resolve, reject) => {
    connection.connect((error) => (error ? reject(error) : resolve()));
  });
  const rows = (sqlText: string, binds?: unknown[], more?: object) =>
    new Promise<Row[]>((resolve, reject) => {
      connection.execute({
        ...{ sqlText, ...(binds === undefined ? {} : { binds: binds as never }), ...more },
        complete: (error, _, found) => (error ? reject(error) : resolve(found ?? [])),
      });
    });
  return {
    connection,
    rows,
    failure: async (sql) => {
      const error = await rows(sql).then(
        () => new Error(`it was no failure: ${sql}`),
        (reason) => reason,
      );
      return error as Failure;
    },
    [Symbol.asyncDispose]: () => new Promise((resolve) => void connection.destroy(() => resolve())),
  };
}
