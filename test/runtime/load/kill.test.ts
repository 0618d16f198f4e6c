import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openRig } from '../upload/rig.ts';
import { openScenario, stateOf, statesOf } from './disturbed.ts';
import { loaded } from './rig.ts';
import { SCENARIOS } from './scenarios.ts';

const CHILD = join(import.meta.dirname, 'load-then-die.ts');

// Before a statement is after the one before it; the last is followed by a run that nothing kills.
test.each(SCENARIOS)(
  '$mode: SIGKILL before and after any statement leaves the old rows or the new, and a repeat ends in the new',
  async (scenario) => {
    using disturbed = await openScenario(scenario);
    const states = statesOf(scenario);
    const { rig, job, attempt } = disturbed;
    expect(await stateOf(rig.home)).toEqual(states.old);
    const file = join(rig.home, 'work.json');
    writeFileSync(file, JSON.stringify({ job, work: attempt }));

    const seen: number[] = [];
    for (let alive = false; !alive; ) {
      const home = mkdtempSync(join(tmpdir(), 'pipegen-test-kill-'));
      try {
        cpSync(rig.home, home, { recursive: true });
        const child = spawnSync(process.execPath, [CHILD, home, file, String(seen.length + 1)], {
          encoding: 'utf8',
        });
        alive = child.signal === null;
        if (alive) expect(child.status, child.stderr).toBe(0);

        const after = await stateOf(home);
        expect([states.old, states.new]).toContainEqual(after);
        seen.push(after.records);

        using again = openRig(job, {}, home);
        await loaded(again.context, attempt);
        expect(await stateOf(home)).toEqual(states.new);
      } finally {
        rmSync(home, { recursive: true, force: true });
      }
    }
    // The kills reached both sides of the commit.
    expect([...new Set(seen)]).toEqual([states.old.records, states.new.records]);
    expect(seen.length).toBeGreaterThan(15);
  },
);
