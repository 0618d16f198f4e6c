import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openRig } from '../upload/rig.ts';
import { flightsJob, loaded, loadRecords, tableRows, uploaded } from './rig.ts';

const CHILD = join(import.meta.dirname, 'load-then-die.ts');

const notes = async (home: string) => (await tableRows(home, 'note')).map((row) => row.note).join(' ');

test('SIGKILL before any statement leaves the old or the new partition whole, and a repeat ends in the new', async () => {
  const checks = [{ row_count: { min: 1 } }];
  using rig = openRig(flightsJob({ checks }));
  await loaded(rig.context, await uploaded(rig.context, [{ note: 'old' }, { note: 'old' }], { hour: 6 }));
  const work = await uploaded(rig.context, [{ note: 'new' }, { note: 'new' }, { note: 'new' }], { hour: 7 });
  const file = join(rig.home, 'work.json');
  writeFileSync(file, JSON.stringify({ job: rig.context.job, work }));

  const seen = new Set<string>();
  let statement = 0;
  for (let alive = false; !alive; ) {
    statement += 1;
    const home = mkdtempSync(join(tmpdir(), 'pipegen-test-kill-'));
    try {
      cpSync(rig.home, home, { recursive: true });
      const child = spawnSync(process.execPath, [CHILD, home, file, String(statement)], { encoding: 'utf8' });
      alive = child.signal === null;
      if (alive) expect(child.status, child.stderr).toBe(0);

      const after = await notes(home);
      const records = await loadRecords(home);
      expect([
        ['old old', 1],
        ['new new new', 2],
      ]).toContainEqual([after, records.length]);
      seen.add(after);

      const again = openRig(rig.context.job, {}, home);
      await loaded(again.context, work);
      again[Symbol.dispose]();
      expect([await notes(home), (await loadRecords(home)).length]).toEqual(['new new new', 2]);
    } finally {
      rmSync(home, { recursive: true, force: true });
    }
  }
  // The kills reached both sides of the commit.
  expect([...seen]).toEqual(['old old', 'new new new']);
  expect(statement).toBeGreaterThan(15);
});
