import { promisify } from 'node:util';
import snowflake, { type Connection } from 'snowflake-sdk';
import type { Snowflake } from '../support/snowflake.ts';

/** A session of somebody who looks at the tables. */
export interface Database extends AsyncDisposable {
  /** Each row as its values, in the order of the columns. */
  rows<Row extends readonly unknown[]>(sql: string): Promise<Row[]>;
}

export async function connect(server: Snowflake): Promise<Database> {
  snowflake.configure({ logLevel: 'OFF' });
  const connection = snowflake.createConnection(server.connection);
  await promisify(connection.connect.bind(connection))();
  return {
    rows: (sql) => execute(connection, sql),
    [Symbol.asyncDispose]: async () => {
      await promisify(connection.destroy.bind(connection))();
    },
  };
}

function execute<Row extends readonly unknown[]>(connection: Connection, sqlText: string): Promise<Row[]> {
  return new Promise((resolve, reject) => {
    connection.execute({
      sqlText,
      complete: (error, _statement, rows) => {
        if (error) reject(error);
        else resolve((rows ?? []).map((row) => Object.values(row) as unknown as Row));
      },
    });
  });
}
