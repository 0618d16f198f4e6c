import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import type { Work } from '../../../src/runtime/context.ts';
import { temporary } from '../../../src/runtime/errors.ts';
import type { Job } from '../../../src/spec/job.ts';
import { openRig } from '../upload/rig.ts';
import { openScenario, stateOf, statesOf } from './disturbed.ts';
import { loaded } from './rig.ts';
import { SCENARIOS } from './scenarios.ts';

/** A log that takes down each statement and fails the one with that number, before it runs. */
function failing(at: number) {
  const statements: string[] = [];
  const write = (line: string) => {
    const { sql } = JSON.parse(line);
    if (sql === undefined) return;
    statements.push(sql);
    if (statements.length === at) throw temporary(`statement ${at} failed`);
  };
  return { statements, log: pino({ level: 'debug' }, { write }) };
}

/** Loads in a process of its own; resolves with its exit code. */
async function loadElsewhere(home: string, job: Job, work: Work, name: string): Promise<number> {
  const file = join(home, `${name}.json`);
  writeFileSync(file, JSON.stringify({ job, work }));
  const child = spawn(process.execPath, [join(import.meta.dirname, 'load-then-die.ts'), home, file, '0'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [code] = await once(child, 'exit');
  return code;
}

describe.each(SCENARIOS)('$mode', (scenario) => {
  const states = statesOf(scenario);

  test('an error of any statement leaves the old rows or the new, is rolled back, and is the one that is told', async () => {
    using disturbed = await openScenario(scenario);
    const { rig, job, attempt } = disturbed;
    let failed = 0;
    for (let at = 1; ; at += 1) {
      const { statements, log } = failing(at);
      using again = openRig(job, { log }, rig.home);
      const error = await loaded(again.context, attempt).then(
        () => undefined,
        (one: unknown) => one,
      );
      const after = await stateOf(rig.home);
      if (error === undefined) {
        expect(after).toEqual(states.new);
        break;
      }
      failed += 1;
      expect((error as Error).message).toContain(`statement ${at} failed`);
      expect([states.old, states.new]).toContainEqual(after);
      const begun = statements.lastIndexOf('BEGIN TRANSACTION', at - 2);
      const ended = statements.findIndex(
        (sql, index) => index > begun && index < at - 1 && ['COMMIT', 'ROLLBACK'].includes(sql),
      );
      if (begun >= 0 && ended < 0) expect(statements.slice(at)).toEqual(['ROLLBACK']);
      else expect(statements.slice(at)).toEqual([]);
    }
    expect(failed).toBeGreaterThan(15);
  });

  test('no table is made or changed within a transaction', async () => {
    using disturbed = await openScenario(scenario);
    const { statements, log } = failing(0);
    using again = openRig(disturbed.job, { log }, disturbed.rig.home);
    await loaded(again.context, disturbed.attempt);
    const within = statements.join('\n').matchAll(/BEGIN TRANSACTION\n(.*?)\n(?:COMMIT|ROLLBACK)/gs);
    const transactions = [...within].map(([, text = '']) => text);
    // The checks, and the rows.
    expect(transactions).toHaveLength(2);
    for (const text of transactions) expect(text).not.toMatch(/^\s*(CREATE|ALTER|DROP|TRUNCATE)\b/m);
  });

  test('an old attempt that wakes after a newer one is refused and changes nothing', async () => {
    using disturbed = await openScenario(scenario);
    const { rig, attempt, stale } = disturbed;
    await loaded(rig.context, attempt);
    await expect(loaded(rig.context, stale)).rejects.toMatchObject({
      exit: 78,
      message: expect.stringContaining('--force'),
    });
    expect(await stateOf(rig.home)).toEqual(states.new);
  });

  test('two attempts at once, in two processes, end in the rows of the newer one', async () => {
    using disturbed = await openScenario(scenario);
    const { rig, job, attempt, stale } = disturbed;
    const codes = await Promise.all([
      loadElsewhere(rig.home, job, attempt, 'attempt'),
      loadElsewhere(rig.home, job, stale, 'stale'),
    ]);
    const after = await stateOf(rig.home);
    expect(after.rows).toEqual(states.new.rows);
    // The older one came first, or was refused.
    expect([
      [[0, 0], states.new.records + 1],
      [[0, 78], states.new.records],
    ]).toContainEqual([codes, after.records]);
  });

  test('the same load twice at once, in two processes, is done once', async () => {
    using disturbed = await openScenario(scenario);
    const { rig, job, attempt } = disturbed;
    const codes = await Promise.all([
      loadElsewhere(rig.home, job, attempt, 'one'),
      loadElsewhere(rig.home, job, attempt, 'other'),
    ]);
    expect(codes).toEqual([0, 0]);
    expect(await stateOf(rig.home)).toEqual(states.new);
  });
});
