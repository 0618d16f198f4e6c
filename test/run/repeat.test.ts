import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type StandIn, startStandIn } from '../../src/stand-in/server.ts';
import { createProject, type Project } from './project.ts';

const DAYS = ['2026-01-29', '2026-01-30', '2026-01-31'];

let standIn: StandIn;

beforeEach(async () => {
  standIn = await startStandIn({ today: '2026-02-05', flightsPerAirlineAndDay: 60 });
});

afterEach(() => standIn.close());

async function rowsAfter(project: Project, runs: readonly (readonly string[])[]): Promise<string[]> {
  for (const run of runs) {
    const { exit, stderr } = await project.run(['flights', ...run], standIn);
    expect(exit, stderr).toBe(0);
  }
  return project.rows('raw.flights');
}

describe('running again', () => {
  it('leaves the same rows for the same date twice, and for three dates in any order', async () => {
    await using once = createProject({ dbt: false });
    await using shuffled = createProject({ dbt: false });
    const [first, second, third] = DAYS.map((day) => ['--date', day]);
    const rows = await rowsAfter(once, [['--date', DAYS[0] ?? '', '--to', DAYS[2] ?? '']]);
    expect(rows.length).toBeGreaterThan(600);
    expect(
      await rowsAfter(shuffled, [third ?? [], first ?? [], first ?? [], second ?? [], third ?? []]),
    ).toEqual(rows);
    const loads = await shuffled.query('select count(*) from raw._pipegen_loads');
    expect(Number(loads[0]?.[0])).toBeGreaterThanOrEqual(3);
  });

  it('asks the API nothing when only what comes after extract is repeated', async () => {
    await using project = createProject({ dbt: false });
    await rowsAfter(project, [['--date', '2026-01-31']]);
    const asked = standIn.requests.length;
    project.edit((spec) => {
      spec.pipelines.flights.columns.flight_status.accepted = [
        'landed',
        'cancelled',
        'diverted',
        'incident',
        'active',
        'scheduled',
        'new',
      ];
    });
    const { exit, result } = await project.run(
      ['flights', '--date', '2026-01-31', '--from', 'upload'],
      standIn,
    );
    expect(exit).toBe(0);
    expect(result.partitions[0]?.steps.map(({ step }) => step)).toEqual(['upload', 'load', 'check']);
    expect(standIn.requests.length).toBe(asked);
  });
});
