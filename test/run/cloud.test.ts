import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { standInEnvironment } from '../../src/cli/commands/stand-in.ts';
import type { AirflowVersion } from '../../src/spec/environment.ts';
import { type StandIn, startStandIn } from '../../src/stand-in/server.ts';
import { dagsTest } from '../airflow/airflow.ts';
import { statementsOf } from '../compiler/snowflake/set-up.ts';
import { type Emulator, startEmulator } from '../runtime/stores/emulator.ts';
import { openConnection, type Querying } from '../runtime/warehouse/connection.ts';
import { type Snowflake, startSnowflake } from '../support/snowflake.ts';
import { createProject, type Project, REPOSITORY } from './project.ts';
import { flightsQuery, MART, onDuckdb, onSnowflake } from './tables.ts';

// The production environment without a cloud: the stand-in of the API, a server with the API of Google Cloud Storage, the
// emulator of Snowflake over the same objects, dbt-snowflake; set up by the SQL that the build wrote.

const DAY = '2026-01-31';
const TARGETS: [AirflowVersion, string][] = [
  ['3.3', 'cloud'],
  ['2.11', 'cloud_2_11'],
];

interface Cloud extends AsyncDisposable {
  readonly objects: Emulator;
  readonly snowflake: Snowflake;
  readonly sql: Querying;
}

let standIn: StandIn;
let query: string;
let flights: string[];
let mart: string[];

beforeAll(async () => {
  standIn = await startStandIn({ today: '2026-02-05' });
  await using project = createProject({ dbt: true });
  const { exit, stderr } = await project.run(['flights', '--date', DAY], standIn);
  expect(exit, stderr).toBe(0);
  query = await flightsQuery(project.query);
  flights = await onDuckdb(project.query, query);
  mart = await onDuckdb(project.query, MART);
  expect(flights.length).toBeGreaterThan(1500);
  expect(mart.length).toBeGreaterThan(3);
});

afterAll(() => standIn?.close());

async function startCloud(root: string): Promise<Cloud> {
  const objects = await startEmulator(root);
  await objects.createBucket('acme-raw');
  const snowflake = await startSnowflake({ gcsRoot: root });
  const connection = { ...snowflake.connection, database: 'LAKE' };
  const sql = await openConnection({ ...snowflake, connection });
  return {
    objects,
    snowflake,
    sql,
    [Symbol.asyncDispose]: async () => {
      await sql[Symbol.asyncDispose]();
      await snowflake[Symbol.asyncDispose]();
      await objects[Symbol.asyncDispose]();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

/** As production, but for the launcher and where the services are. */
function cloudProject({ objects, snowflake }: Cloud): Project {
  return createProject({
    dbt: true,
    change: (spec) => {
      const { store, warehouse, variables } = spec.environments.production;
      const { auth: _, ...place } = warehouse;
      spec.environments.cloud = {
        airflow: '3.3',
        launcher: { kind: 'process' },
        store: { ...store, endpoint: objects.url },
        // For the emulator a schema with the name of a database is ambiguous.
        warehouse: { ...place, database: 'LAKE', endpoint: snowflake.url },
        variables,
      };
      spec.environments.cloud_2_11 = { extends: 'cloud', airflow: '2.11' };
    },
  });
}

/** What an administrator does once. */
async function setUp(project: Project, { sql }: Cloud): Promise<void> {
  const { exit, stderr } = await project.pipegen(['build']);
  expect(exit, stderr).toBe(0);
  const folder = join(project.folder, 'generated/cloud/snowflake');
  const files = readdirSync(folder)
    .sort()
    .map((name) => ({
      path: `cloud/snowflake/${name}`,
      content: readFileSync(join(folder, name), 'utf8'),
    }));
  for (const statement of statementsOf(files)) await sql.query(statement);
}

/** What an Airflow worker must provide for the process launcher. */
function worker(project: Project): Record<string, string> {
  const bin = join(project.folder, 'bin');
  mkdirSync(bin, { recursive: true });
  symlinkSync(join(REPOSITORY, 'bin/pipegen-runtime.js'), join(bin, 'pipegen-runtime'));
  return {
    PATH: [bin, dirname(process.execPath), process.env.PATH].join(delimiter),
    PIPEGEN_HOME: project.folder,
    PIPEGEN_DBT: join(REPOSITORY, '.venv/dbt/bin/dbt'),
    ...standInEnvironment(standIn),
  };
}

describe('production without a cloud', () => {
  it('`pipegen run` leaves in Snowflake what it leaves in DuckDB, and a second run changes nothing', async () => {
    await using cloud = await startCloud(mkdtempSync(join(tmpdir(), 'pipegen-cloud-')));
    await using project = cloudProject(cloud);
    await setUp(project, cloud);
    const ran = await project.run(['flights', '--date', DAY, '--env', 'cloud'], standIn);
    const { exit, stderr, result } = ran;
    expect(exit, `${stderr}${ran.stdout}`).toBe(0);
    expect(result.store).toBe('gs://acme-raw/pipegen');
    expect(await onSnowflake(cloud.sql, 'LAKE', query)).toEqual(flights);
    expect(await onSnowflake(cloud.sql, 'LAKE', MART)).toEqual(mart);

    const again = await project.run(['flights', '--date', DAY, '--env', 'cloud', '--from', 'load'], standIn);
    expect(again.exit, again.stderr).toBe(0);
    expect(await onSnowflake(cloud.sql, 'LAKE', query)).toEqual(flights);
    const loads = await cloud.sql.query('select count(*) as N from LAKE.RAW._PIPEGEN_LOADS');
    expect(loads.map(({ N }) => String(N))).toEqual(['1']);
    expect(`${stderr}${JSON.stringify(result)}`).not.toContain(standIn.key);
  });

  it.each(TARGETS)('Airflow %s runs the environment %s', async (version, environment) => {
    await using cloud = await startCloud(mkdtempSync(join(tmpdir(), 'pipegen-cloud-')));
    await using project = cloudProject(cloud);
    await setUp(project, cloud);
    const folder = join(project.folder, 'generated', environment, 'dags');
    const env = worker(project);
    const { exit, output } = await dagsTest(version, folder, 'flights', { partition: DAY, env });
    expect(exit, output.slice(-4000)).toBe(0);
    expect(await onSnowflake(cloud.sql, 'LAKE', query)).toEqual(flights);
    expect(await onSnowflake(cloud.sql, 'LAKE', MART)).toEqual(mart);
    expect(output).not.toContain(standIn.key);
  });
});
