import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { STEPS } from '../../src/spec/steps.ts';
import { type StandIn, startStandIn } from '../../src/stand-in/server.ts';
import { createProject, filesBelow } from '../run/project.ts';
import { type Engine, findTool, openEngine } from './container.ts';
import { runStep } from './steps.ts';

const DAY = '2026-01-31';
const MART = 'analytics.partner_daily_performance';
const found = findTool();

describe.skipIf('missing' in found)('the reference pipeline in containers', () => {
  let engine: Engine;
  let standIn: StandIn;
  let here: { flights: string[]; mart: string[] };

  beforeAll(async () => {
    if ('missing' in found) return;
    engine = openEngine(found.tool);
    standIn = await startStandIn({ today: '2026-02-05' });
    await using project = createProject({ dbt: true });
    const { exit, stderr } = await project.run(['flights', '--date', DAY], standIn);
    expect(exit, stderr).toBe(0);
    here = { flights: await project.rows('raw.flights'), mart: await project.rows(MART) };
  });

  afterAll(() => standIn?.close());

  it('comes to the rows of `pipegen run`, step by step, with nothing writable but /tmp and its volume', async () => {
    await using project = createProject({ dbt: true });
    for (const step of STEPS) {
      const { exit, stdout, stderr } = await runStep(engine, step, { project, date: DAY, standIn });
      expect({ step, exit, said: exit === 0 ? '' : stdout + stderr }).toEqual({ step, exit: 0, said: '' });
      expect(stderr).toBe('');
      expect(stdout).not.toContain(standIn.key);
    }
    expect(await project.rows('raw.flights')).toEqual(here.flights);
    expect(await project.rows(MART)).toEqual(here.mart);
    for (const { path, bytes } of filesBelow(project.folder)) {
      expect(bytes.includes(standIn.key), path).toBe(false);
    }
  });
});
