import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { loaded } from '../load/rig.ts';
import { SCENARIOS } from '../load/scenarios.ts';
import {
  type Disturbed,
  type Logged,
  ofLoads,
  openScenario,
  type Site,
  STATEMENT,
  startSite,
} from './disturbed.ts';

const CHILD = join(import.meta.dirname, 'load-in-snowflake.ts');

/** Milliseconds: some forty processes start and load, one after the other, and a busy machine is slow, not wrong. */
const PATIENCE = 1_200_000;

let site: Site;
beforeAll(async () => {
  site = await startSite();
  // Seconds after which a transaction whose client is gone is ended; of Snowflake, minutes.
  await site.snowflake.config({ abandon_s: 0.5 });
});
afterAll(() => site?.[Symbol.asyncDispose]());

/** Loads in a process of its own that is killed as soon as the statement with that number has run; false where it ended before. */
async function loadThenDie(disturbed: Disturbed, nth: number): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), 'pipegen-test-kill-'));
  try {
    const file = join(folder, 'load.json');
    const { context, attempt } = disturbed;
    writeFileSync(
      file,
      JSON.stringify({ job: context.job, work: attempt, bucket: site.bucket, home: folder }),
    );
    const from = (await site.log()).length;
    await site.snowflake.faults([{ match: STATEMENT, nth, phase: 'after', action: 'hang' }]);
    const child = spawn(process.execPath, [CHILD, file], { stdio: ['ignore', 'ignore', 'inherit'] });
    onTestFinished(() => void child.kill('SIGKILL'));
    const exited = once(child, 'exit');
    const ran = (log: readonly Logged[]) => ofLoads(log)[nth - 1]?.status === 'ok';
    while (child.exitCode === null && !ran(await site.log(from))) await sleep(20);
    child.kill('SIGKILL');
    const [code, signal] = await exited;
    if (signal === null) expect(code).toBe(0);
    await site.snowflake.faults([]);
    return signal !== null;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

// Before a statement is after the one before it.
test.each(SCENARIOS)(
  '$mode: SIGKILL after any statement leaves the old rows or the new, and a repeat ends in the new',
  { timeout: PATIENCE },
  async (scenario) => {
    await using disturbed = await openScenario(site, scenario);
    await disturbed.reset();
    const from = (await site.log()).length;
    await loaded(disturbed.context, disturbed.attempt);
    const statements = ofLoads(await site.log(from)).map(({ sql }) => sql);
    // What is before the transaction is the same in every mode.
    const first = scenario.mode === 'replace_partition' ? 1 : statements.lastIndexOf('BEGIN TRANSACTION') + 1;
    await disturbed.reset();

    await using reader = disturbed.watch();
    const seen = new Set<number>();
    for (let nth = first; await loadThenDie(disturbed, nth); nth += 1) {
      const after = await disturbed.state();
      expect([disturbed.old, disturbed.new]).toContainEqual(after);
      seen.add(after.records);
      expect(await loaded(disturbed.context, disturbed.attempt)).toMatchObject({
        changed: after.records === disturbed.old.records,
      });
      expect(await disturbed.state()).toEqual(disturbed.new);
      await disturbed.reset();
    }
    expect(await disturbed.state()).toEqual(disturbed.new);
    expect([...seen]).toEqual([disturbed.old.records, disturbed.new.records]);
    expect(await reader.torn()).toEqual([]);
  },
);
