import type { Connection } from 'snowflake-sdk';
import type { Snowflake } from '../../support/snowflake.ts';

export interface Querying extends AsyncDisposable {
  /** Rows with the columns' names as they are in the answer; numbers and dates as text. */
  query(sql: string): Promise<Record<string, unknown>[]>;
}

/** A session of the driver itself, beside that of the warehouse. */
export async function openConnection(snowflake: Snowflake): Promise<Querying> {
  const driver = (await import('snowflake-sdk')).default;
  driver.configure({ logLevel: 'OFF', additionalLogToConsole: false });
  const connection = driver.createConnection({
    ...snowflake.connection,
    fetchAsString: ['Number', 'Date', 'JSON'],
    representNullAsStringNull: false,
  } as Parameters<typeof driver.createConnection>[0]);
  await new Promise<Connection>((resolve, reject) =>
    connection.connect((error, connected) => (error ? reject(error) : resolve(connected))),
  );
  return {
    query: (sqlText) =>
      new Promise((resolve, reject) => {
        connection.execute({
          sqlText,
          complete: (error, _, rows) =>
            error ? reject(error) : resolve((rows ?? []) as Record<string, unknown>[]),
        });
      }),
    [Symbol.asyncDispose]: () => new Promise((resolve) => connection.destroy(() => resolve())),
  };
}
