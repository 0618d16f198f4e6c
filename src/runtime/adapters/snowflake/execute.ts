import type { Column, Connection, FileAndStageBindStatement, RowStatement } from 'snowflake-sdk';
import { ConnectionLost, type SqlRow, type SqlValue } from '../../sql-warehouse/session.ts';
import type { Patience } from './settings.ts';
import { TimedOut, unlessAborted, watch, within } from './watchdog.ts';

export interface Statement {
  readonly sql: string;
  readonly values: readonly SqlValue[];
  /** Session parameters of this statement alone. */
  readonly parameters: Readonly<Record<string, string | number>>;
}

export interface Answer {
  readonly rows: SqlRow[];
  /** Rows that it inserted, updated or deleted; 0 of a statement that does none of it. */
  readonly changed: number;
}

type Running = RowStatement | FileAndStageBindStatement;

/**
 * One statement, by a watched driver. Fails as the driver does; with `ConnectionLost` once the service is silent; with
 * the signal's reason. In both cases Snowflake is asked to cancel the statement first.
 */
export async function execute(
  connection: Connection,
  { sql, values, parameters }: Statement,
  patience: Patience,
  signal: AbortSignal,
): Promise<Answer> {
  if (signal.aborted) throw signal.reason;
  const binds = values.map(bound);
  const done = new AbortController();
  let running: Running | undefined;
  const answer = new Promise<Answer>((resolve, reject) => {
    running = connection.execute({
      sqlText: sql,
      ...(binds.length === 0 ? {} : { binds }),
      // One statement, whatever the account allows.
      parameters: { ...parameters, MULTI_STATEMENT_COUNT: 1 },
      complete: (error, statement, rows = []) => {
        if (error) reject(error);
        else resolve({ rows: readRows(rows, statement.getColumns() ?? []), changed: changedBy(statement) });
      },
    });
  });
  // While the driver sends a file nothing is said of the statement, however long that takes.
  const sendsFile = /^PUT\s/.test(sql);
  const silent = watch(
    {
      answered: () => sendsFile || running?.getQueryId() !== undefined,
      beat: () => connection.isValidAsync(),
    },
    patience,
    done.signal,
  );
  try {
    return await unlessAborted(signal, within(patience.statement, Promise.race([answer, silent])));
  } catch (error) {
    if (!signal.aborted && !(error instanceof TimedOut)) throw error;
    await cancel(running, patience.farewell);
    if (signal.aborted) throw signal.reason;
    throw new ConnectionLost((error as TimedOut).message);
  } finally {
    done.abort();
  }
}

async function cancel(statement: Running | undefined, milliseconds: number): Promise<void> {
  if (statement === undefined) return;
  const cancelled = new Promise<void>((resolve) => statement.cancel(() => resolve()));
  await within(milliseconds, cancelled).catch(() => undefined);
}

/** What the driver would change without a word: NaN becomes NULL, an integer beyond 2^53 another one. */
function bound(value: SqlValue): SqlValue {
  const exact = typeof value !== 'number' || !Number.isInteger(value) || Number.isSafeInteger(value);
  if (value === undefined || !exact || (typeof value === 'number' && !Number.isFinite(value))) {
    throw new TypeError(`${String(value)} can't be bound: give it as text`);
  }
  return value;
}

/** Keys in lower case; a whole number as a number where that is exact, every other one, dates and JSON as text. */
function readRows(rows: readonly object[], columns: readonly Column[]): SqlRow[] {
  const readers = new Map(columns.map((column) => [column.getName(), readerOf(column)]));
  return rows.map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([name, value]) => [
        name.toLowerCase(),
        readers.get(name)?.(value) ?? value ?? null,
      ]),
    ),
  );
}

function readerOf(column: Column): (value: unknown) => unknown {
  const type = column.getType();
  if (type === 'real') return (value) => (typeof value === 'string' ? Number(value) : value);
  if (type !== 'fixed' || column.getScale() !== 0) return (value) => value;
  return (value) =>
    typeof value === 'string' && Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

/** The driver says -1 of a statement that is no INSERT, UPDATE, DELETE or MERGE. */
function changedBy(statement: Running): number {
  return Math.max(statement.getNumUpdatedRows() ?? 0, 0);
}
