import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { STEPS, type Step } from '../../src/spec/steps.ts';
import { type StandIn, startStandIn } from '../../src/stand-in/server.ts';
import { createProject, finish, type Project } from './project.ts';

const DAY = '2026-01-31';
const MART = 'analytics.partner_daily_performance';

let standIn: StandIn;
let clean: { rows: string[]; mart: string[] };

beforeAll(async () => {
  standIn = await startStandIn({ today: '2026-02-05' });
  await using project = createProject({ dbt: true });
  const { exit, stderr } = await project.run(['flights', '--date', DAY], standIn);
  expect(exit, stderr).toBe(0);
  clean = { rows: await project.rows('raw.flights'), mart: await project.rows(MART) };
  expect(clean.rows.length).toBeGreaterThan(600);
  expect(clean.mart).toHaveLength(4);
});

afterAll(() => standIn.close());

/** Starts a run and kills it with everything it started, some milliseconds into a step. */
async function killIn(project: Project, step: Step, milliseconds: number): Promise<number> {
  const child = project.start(['run', 'flights', '--date', DAY], standIn);
  const ended = finish(child);
  const lines = createInterface({ input: child.stderr ?? process.stdin });
  lines.on('line', (line) => {
    if (!line.includes(`${step} began`)) return;
    setTimeout(() => {
      try {
        process.kill(-(child.pid ?? 0), 'SIGKILL');
      } catch {
        // It was through before its time came, which the caller sees by its exit code.
      }
    }, milliseconds);
  });
  return (await ended).exit;
}

describe('SIGKILL', () => {
  it.each(STEPS)('in %s, and a repeat: the same final rows', async (step) => {
    await using project = createProject({ dbt: true });
    for (const milliseconds of [0, 60]) await killIn(project, step, milliseconds);
    const { exit, stderr, result } = await project.run(['flights', '--date', DAY], standIn);
    expect(exit, stderr).toBe(0);
    expect(result.partitions[0]?.steps.every(({ status }) => ['done', 'kept'].includes(status))).toBe(true);
    expect(await project.rows('raw.flights')).toEqual(clean.rows);
    expect(await project.rows(MART)).toEqual(clean.mart);
  });

  it('of the command line alone ends the step that it started', async () => {
    await using project = createProject({ dbt: false });
    await standIn.setFaults([{ count: 'always', action: { kind: 'delay', ms: 2_000 } }]);
    try {
      const child = project.start(['run', 'flights', '--date', DAY], standIn);
      const ended = finish(child);
      const lines = createInterface({ input: child.stderr ?? process.stdin });
      lines.on('line', (line) => {
        if (line.includes('extract began')) child.kill('SIGKILL');
      });
      // The pipes close only when the step, which holds them too, has ended.
      expect((await ended).exit).toBe(137);
    } finally {
      await standIn.setFaults([]);
    }
  });
});
