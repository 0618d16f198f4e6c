import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { StepContext } from '../../../src/runtime/context.ts';
import { ConnectionLost } from '../../../src/runtime/sql-warehouse/session.ts';
import { EXIT } from '../../../src/spec/exit-codes.ts';
import { loaded } from '../load/rig.ts';
import { SCENARIOS } from '../load/scenarios.ts';
import { type Disturbed, openScenario, type Site, STATEMENT, startSite } from './disturbed.ts';

let site: Site;
beforeAll(async () => {
  site = await startSite();
});
afterAll(() => site?.[Symbol.asyncDispose]());

const failure = (work: Promise<unknown>): Promise<(Error & { exit?: number }) | undefined> =>
  work.then(
    () => undefined,
    (error) => error,
  );

/** Milliseconds for some fifty loads, one after the other. */
const PATIENCE = 900_000;

describe.each(SCENARIOS)('$mode', { timeout: PATIENCE }, (scenario) => {
  let disturbed: Disturbed;
  beforeAll(async () => {
    disturbed = await openScenario(site, scenario);
  });
  afterAll(() => disturbed?.[Symbol.asyncDispose]());

  const load = (context: StepContext = disturbed.context) => loaded(context, disturbed.attempt);

  /**
   * The load with a fault at its first statement, then at its second, and so on, each a repeat of the one before, until
   * one has fewer statements. Where one was through, its repeat must find that, and the next begins anew.
   */
  async function disturbEach(
    fault: (nth: number) => Promise<void>,
    judge: (error: Error & { exit?: number }) => void,
  ) {
    await disturbed.reset();
    const found: string[] = [];
    for (let nth = 1; ; nth += 1) {
      await fault(nth);
      const error = await failure(load());
      await site.snowflake.faults([]);
      const after = await disturbed.state();
      expect([disturbed.old, disturbed.new]).toContainEqual(after);
      if (error === undefined) {
        expect(after).toEqual(disturbed.new);
        break;
      }
      judge(error);
      found.push(after.records === disturbed.new.records ? 'new' : 'old');
      if (found.at(-1) === 'old') continue;
      expect(await load()).toMatchObject({ changed: false });
      expect(await disturbed.state()).toEqual(disturbed.new);
      await disturbed.reset();
    }
    // Both sides of the commit.
    expect([...new Set(found)]).toEqual(['old', 'new']);
    expect(found.length).toBeGreaterThan(15);
  }

  test('a connection cut before and after any statement leaves the old rows or the new, and a repeat ends in the new', async () => {
    await using reader = disturbed.watch();
    await disturbEach(
      // What is cut before a statement is cut after the one before it.
      (nth) => site.snowflake.faults([{ match: STATEMENT, nth, action: 'kill_session' }]),
      (error) => {
        expect(error).toMatchObject({ exit: EXIT.temporary });
        expect(error.cause).toBeInstanceOf(ConnectionLost);
      },
    );
    expect(await reader.torn()).toEqual([]);
  });

  test('an error of any statement is told, rolled back and repaired by a repeat', async () => {
    const from = (await site.log()).length;
    await using reader = disturbed.watch();
    await disturbEach(
      (nth) =>
        site.snowflake.faults([
          { match: STATEMENT, nth, action: 'error', code: '000603', message: `incident ${nth}` },
        ]),
      (error) =>
        expect(error).toMatchObject({ exit: EXIT.temporary, message: expect.stringContaining('incident') }),
    );
    expect(await reader.torn()).toEqual([]);

    const log = (await site.log(from)).filter(({ tag }) => tag?.includes('pipegen'));
    for (const session of new Set(log.map((one) => one.session))) {
      const own = log.filter((one) => one.session === session).map(({ sql }) => sql.trim());
      let open = false;
      for (const sql of own) {
        if (open) expect(sql).not.toMatch(/^(CREATE|ALTER|DROP|TRUNCATE|PUT)\b/i);
        if (/^BEGIN\b/.test(sql)) open = true;
        if (/^(COMMIT|ROLLBACK)$/.test(sql)) open = false;
      }
      // No transaction was left to be ended by somebody else, and none was committed after an error.
      expect([session, open]).toEqual([session, false]);
    }
  });

  test('two loads at once end in the rows of the newer one, and the same one twice is done once', async () => {
    await disturbed.reset();
    expect((await Promise.all([load(), load()])).map(({ changed }) => changed).sort()).toEqual([false, true]);
    expect(await disturbed.state()).toEqual(disturbed.new);

    await disturbed.reset();
    const [newer, older] = await Promise.all([
      failure(load()),
      failure(loaded(disturbed.context, disturbed.stale)),
    ]);
    const after = await disturbed.state();
    expect(newer).toBeUndefined();
    expect(after.rows).toEqual(disturbed.new.rows);
    // The older one came first, or was refused.
    expect([
      [undefined, disturbed.new.records + 1],
      [EXIT.configuration, disturbed.new.records],
    ]).toContainEqual([older?.exit, after.records]);
  });

  test('an old attempt that wakes after a newer one is refused and changes nothing', async () => {
    await disturbed.reset();
    await load();
    await expect(loaded(disturbed.context, disturbed.stale)).rejects.toMatchObject({
      exit: EXIT.configuration,
      message: expect.stringContaining('--force'),
    });
    expect(await disturbed.state()).toEqual(disturbed.new);
  });
});
