import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openSnowflakeWarehouse } from '../../../src/runtime/adapters/snowflake/warehouse.ts';
import type { UploadDetails } from '../../../src/runtime/receipt.ts';
import { ConnectionLost } from '../../../src/runtime/sql-warehouse/session.ts';
import { loadMode } from '../../../src/runtime/steps/load/mode.ts';
import type { Load } from '../../../src/spec/load.ts';
import { SCENARIOS } from '../load/scenarios.ts';
import { type Disturbed, ofLoads, openScenario, type Site, STATEMENT, startSite } from './disturbed.ts';
import { loadOf } from './rig.ts';

/** Milliseconds. The driver alone would repeat a request for minutes before it says that no answer comes. */
const PATIENCE = { answer: 3000, farewell: 1000 };

let site: Site;
beforeAll(async () => {
  site = await startSite();
});
afterAll(() => site?.[Symbol.asyncDispose]());

/**
 * Publishes the attempt by a session of its own; the line is cut, for every repeat of the driver too, before or after
 * the statement of the transaction with that number.
 */
async function publishCut(disturbed: Disturbed, nth: number, phase: 'before' | 'after') {
  const { job } = disturbed.context;
  const uploaded = disturbed.attempt.previous?.details as UploadDetails | undefined;
  const files = uploaded?.files ?? [];
  const { columns = [], load = {} as Load, warehouse } = job;
  if (warehouse.kind !== 'snowflake') throw new Error('a job for Snowflake');
  await using session = await openSnowflakeWarehouse({ ...site.options, warehouse, patience: PATIENCE });
  await session.stage(site.store, files, columns);
  const record = loadOf('flights', files, { loadId: randomUUID(), extractedAt: '2026-02-01T08:00:00.000Z' });
  await site.snowflake.faults([{ match: STATEMENT, nth, phase, action: 'drop', count: 'all' }]);
  try {
    return await session.publish(record, columns, loadMode(job, load), (committed) =>
      committed.every(({ loadId }) => loadId !== record.loadId),
    );
  } catch (error) {
    return error as Error;
  } finally {
    await site.snowflake.faults([]);
  }
}

test.each(SCENARIOS)(
  '$mode: an answer that never comes, to any statement of the transaction, leaves the old rows; to COMMIT, it is looked up',
  { timeout: 900_000 },
  async (scenario) => {
    await using disturbed = await openScenario(site, scenario);
    await disturbed.reset();
    const from = (await site.log()).length;
    expect(await publishCut(disturbed, 1000, 'after')).toBe(true);
    const statements = ofLoads(await site.log(from)).map(({ sql }) => sql);
    const commit = statements.lastIndexOf('COMMIT') - statements.lastIndexOf('BEGIN TRANSACTION') + 1;
    expect(commit).toBeGreaterThan(5);
    await disturbed.reset();

    await using reader = disturbed.watch();
    for (let nth = 1; nth < commit; nth += 1) {
      const error = await publishCut(disturbed, nth, 'after');
      expect(error).toMatchObject({ exit: 75, cause: expect.any(ConnectionLost) });
      expect(await disturbed.state()).toEqual(disturbed.old);
    }
    // COMMIT has not arrived: that it is not known is told, and a repeat does it.
    expect(await publishCut(disturbed, commit, 'before')).toMatchObject({
      cause: expect.any(ConnectionLost),
    });
    expect(await disturbed.state()).toEqual(disturbed.old);
    // It has arrived, and its answer was lost.
    expect(await publishCut(disturbed, commit, 'after')).toBe(true);
    expect(await disturbed.state()).toEqual(disturbed.new);
    expect(await reader.torn()).toEqual([]);
  },
);
