import type { OwnType } from '../../warehouse-tables/own-tables.ts';
import type { Dialect } from './dialect.ts';
import type { SqlSession, SqlValue } from './session.ts';

/** One statement with its bound values; `doing` is for the message of a failure. */
export interface Statement {
  readonly doing: string;
  readonly sql: string;
  readonly values?: readonly SqlValue[];
}

/** The values of one statement, in the order of their placeholders. */
export class Bound {
  readonly values: SqlValue[] = [];
  readonly #dialect: Dialect;

  constructor(dialect: Dialect) {
    this.#dialect = dialect;
  }

  /** SQL of the value. It says its type: a placeholder has none where it stands alone in a SELECT. */
  as(type: OwnType, value: SqlValue): string {
    this.values.push(value);
    return `CAST(${this.#dialect.parameter(this.values.length)} AS ${this.#dialect.own[type]})`;
  }
}

export function runStatement(session: SqlSession, { doing, sql, values }: Statement): Promise<number> {
  return session.run(doing, sql, values);
}

/** The one number, named `rows`, that a query answers with. */
export async function countedRows(session: SqlSession, { doing, sql, values }: Statement): Promise<number> {
  const [row] = await session.rows(doing, sql, values);
  return Number(row?.rows);
}

/** `2026-02-01T06:00:00.000Z` without its zone, for a timestamp that has none. */
export function utcText(moment: string): string {
  return new Date(moment).toISOString().replace('T', ' ').replace('Z', '');
}
