import { mkdirSync, symlinkSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { standInEnvironment } from '../../src/cli/commands/stand-in.ts';
import type { AirflowVersion } from '../../src/spec/environment.ts';
import { type StandIn, startStandIn } from '../../src/stand-in/server.ts';
import { dagsTest, inspect } from '../airflow/airflow.ts';
import { createProject, type Project, REPOSITORY } from './project.ts';

const DAY = '2026-01-31';
const MART = 'analytics.partner_daily_performance';
const TARGETS: [AirflowVersion, string][] = [
  ['3.3', 'local'],
  ['2.11', 'local_2_11'],
];

let standIn: StandIn;
let here: { flights: string[]; mart: string[] };

beforeAll(async () => {
  standIn = await startStandIn({ today: '2026-02-05' });
  await using project = createProject({ dbt: true });
  const { exit, stderr } = await project.run(['flights', '--date', DAY], standIn);
  expect(exit, stderr).toBe(0);
  here = { flights: await project.rows('raw.flights'), mart: await project.rows(MART) };
  expect(here.flights.length).toBeGreaterThan(1500);
});

afterAll(() => standIn.close());

/** What an Airflow worker must provide for the process launcher. */
function worker(project: Project): Record<string, string> {
  const bin = join(project.folder, 'bin');
  mkdirSync(bin);
  symlinkSync(join(REPOSITORY, 'bin/pipegen-runtime.js'), join(bin, 'pipegen-runtime'));
  return {
    // In a virtual environment of its own, as people have it, beside the Node that pipegen needs.
    PATH: [bin, dirname(process.execPath), process.env.PATH].join(delimiter),
    PIPEGEN_HOME: project.folder,
    PIPEGEN_DBT: join(REPOSITORY, '.venv/dbt/bin/dbt'),
    ...standInEnvironment(standIn),
  };
}

describe('the committed DAG files', () => {
  const environments: [AirflowVersion, string][] = [
    ...TARGETS,
    ['3.3', 'real'],
    ['3.3', 'production'],
    ['2.11', 'production_2_11'],
  ];

  it.each(environments)('are taken by Airflow %s: %s', async (version, environment) => {
    const found = await inspect(version, join(REPOSITORY, 'generated', environment, 'dags'), { pods: true });
    expect(found.import_errors).toEqual({});
    expect(found.warnings).toEqual([]);
    expect(Object.keys(found.dags).sort()).toEqual(['flights', 'partner_scorecard']);
    const flow = (dag: string) =>
      Object.fromEntries(
        Object.entries(found.dags[dag]?.tasks ?? {}).map(([name, { downstream }]) => [name, downstream]),
      );
    expect(flow('flights')).toEqual({
      extract: ['upload'],
      upload: ['load'],
      load: ['check'],
      check: ['dbt'],
      dbt: ['publish'],
      publish: [],
    });
    expect(flow('partner_scorecard')).toEqual({ dbt: ['publish'], publish: [] });
  });
});

describe('airflow dags test', () => {
  it.each(TARGETS)(
    '%s runs the environment %s and leaves the rows of `pipegen run`',
    async (version, environment) => {
      await using project = createProject({ dbt: true });
      expect((await project.pipegen(['build'])).exit).toBe(0);
      const folder = join(project.folder, 'generated', environment, 'dags');
      const env = worker(project);
      const { exit, output } = await dagsTest(version, folder, 'flights', { partition: DAY, env });
      expect(exit, output.slice(-4000)).toBe(0);
      expect(await project.rows('raw.flights')).toEqual(here.flights);
      expect(await project.rows(MART)).toEqual(here.mart);
      expect(output).not.toContain(standIn.key);
      const after = await dagsTest(version, folder, 'partner_scorecard', { partition: DAY, env });
      expect(after.exit, after.output.slice(-4000)).toBe(0);
      expect(await project.query('select count(*) > 0 from analytics.partner_scorecard')).toEqual([[true]]);
    },
  );
});
