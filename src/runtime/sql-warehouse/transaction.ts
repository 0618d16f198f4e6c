import { ConnectionLost, type SqlSession } from './session.ts';

/**
 * COMMIT where the work says so, else ROLLBACK; after an error ROLLBACK, and the first error is thrown. Returns
 * whether it was committed. Where the answer to COMMIT is lost, `committed` looks in a new session whether it was
 * done; without `committed`, or where it was not, the loss is thrown.
 */
export async function inTransaction(
  session: SqlSession,
  work: () => Promise<boolean>,
  committed?: () => Promise<boolean>,
): Promise<boolean> {
  await session.run('begin', 'BEGIN TRANSACTION');
  try {
    if (!(await work())) {
      await session.run('roll back', 'ROLLBACK');
      return false;
    }
  } catch (error) {
    await rollBack(session, error);
    throw error;
  }
  try {
    await session.run('commit', 'COMMIT');
    return true;
  } catch (error) {
    if (!isLost(error)) await rollBack(session, error);
    else if (committed !== undefined && (await foundAgain(session, committed))) return true;
    throw error;
  }
}

/** False also where nobody answers: the loss stands, and a retry looks once more. */
async function foundAgain(session: SqlSession, committed: () => Promise<boolean>): Promise<boolean> {
  try {
    await session.reconnect();
    return await committed();
  } catch {
    return false;
  }
}

/** Should it fail, or the session be lost, then the end of the session ends the transaction. */
async function rollBack(session: SqlSession, error: unknown): Promise<void> {
  if (isLost(error)) return;
  await session.run('roll back', 'ROLLBACK').catch(() => undefined);
}

function isLost(error: unknown): boolean {
  return error instanceof Error && error.cause instanceof ConnectionLost;
}
