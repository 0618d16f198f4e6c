import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { compileText } from '../../compiler/diff/project.ts';
import { statementsOf } from '../../compiler/snowflake/set-up.ts';
import { createProject, type Project, REPOSITORY } from '../../run/project.ts';
import { type Emulator, startEmulator } from '../../runtime/stores/emulator.ts';
import { openConnection, type Querying } from '../../runtime/warehouse/connection.ts';
import { type Snowflake, startSnowflake } from '../../support/snowflake.ts';
import { type Examined, examine } from './project.ts';

const ARGUMENTS = ['--env', 'production', '--deadline', '150s'];

let folder: string;
let gcs: Emulator;
let snowflake: Snowflake;
let admin: Querying;
let project: Project;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'pipegen-doctor-test-'));
  const root = join(folder, 'buckets');
  mkdirSync(root);
  gcs = await startEmulator(root);
  await gcs.createBucket('acme-raw');
  snowflake = await startSnowflake({ gcsRoot: root });
  admin = await openConnection(snowflake);
  project = createProject({
    dbt: true,
    change: (spec) => {
      const { production } = spec.environments;
      production.launcher = { kind: 'process' };
      production.store.endpoint = gcs.url;
      production.warehouse.endpoint = snowflake.url;
      delete production.warehouse.auth;
      production.variables.aviationstack_url = gcs.url;
    },
  });
});

afterEach(async () => {
  await project?.[Symbol.asyncDispose]();
  await admin?.[Symbol.asyncDispose]();
  await snowflake?.[Symbol.asyncDispose]();
  await gcs?.[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

/** What the generated files say, and from then on an account in which nothing else is there. */
async function setUp(skip?: RegExp): Promise<void> {
  const { files } = compileText(readFileSync(join(project.folder, 'pipelines.yaml'), 'utf8'));
  const production = files.filter(({ path }) => path.startsWith('production/'));
  for (const statement of statementsOf(production)) {
    if (skip?.test(statement) !== true) await admin.query(statement);
  }
  await snowflake.config({ strict: true });
}

const doctor = (dbt = 'nowhere') =>
  examine(project, ARGUMENTS, { AVIATIONSTACK_ACCESS_KEY: 'a-key-that-is-never-told', PIPEGEN_DBT: dbt });

const ofSnowflake = ({ what, status }: Examined['answers'][number]) =>
  status === 'missing' && what.startsWith('Snowflake');

describe('pipegen doctor on Snowflake and Google Cloud Storage', () => {
  test('finds all that the generated set-up makes, and wakes no warehouse', async () => {
    await setUp();
    await project.pipegen(['build']);
    const { states, exit, stdout, stderr, answers } = await doctor(join(REPOSITORY, '.venv/dbt/bin/dbt'));
    expect(answers.filter(({ status }) => status !== 'ok')).toEqual([]);
    expect(states.map(([what]) => what)).toEqual([
      ...['spec', 'generated files', 'secret AVIATIONSTACK_ACCESS_KEY', 'source aviationstack', 'store'],
      ...[
        'sign-in',
        'role',
        'warehouse',
        'database',
        'schema',
        'grants',
        'grants of dbt',
        'stage',
        'tables',
      ].map((what) => `Snowflake ${what}`),
      'dbt dbt',
    ]);
    expect(exit).toBe(0);
    expect(`${stdout}${stderr}`).not.toContain('a-key-that-is-never-told');
    const log = await snowflake.log();
    const asked = log
      .filter(({ tag }) => tag?.includes('doctor__'))
      .map(({ sql }) => sql.split(' ')[0]?.toUpperCase());
    expect([...new Set(asked)].sort()).toEqual(['ALTER', 'LIST', 'SELECT', 'SHOW']);
  });

  test('names each right that is missing, with the statement that grants it, and what it cannot see', async () => {
    await setUp(
      /CREATE VIEW ON|^GRANT USAGE.* ON (STAGE|SCHEMA "ANALYTICS"."RAW") .*LOADER|^CREATE STAGE|^GRANT USAGE ON STAGE/,
    );
    const { exit, answers } = await doctor();
    expect(exit).toBe(1);
    const missing = answers.filter(ofSnowflake);
    expect(missing.map(({ what, text }) => [what, text])).toEqual([
      ['Snowflake grants', 'PIPEGEN_LOADER has no USAGE, CREATE TABLE on schema ANALYTICS.RAW'],
      ['Snowflake grants', 'PIPEGEN_LOADER has no USAGE on stage ANALYTICS.RAW.PIPEGEN_STAGE'],
      [
        'Snowflake grants of dbt',
        'PIPEGEN_TRANSFORMER has no USAGE, CREATE TABLE, CREATE VIEW on schema ANALYTICS.ANALYTICS',
      ],
      ['Snowflake stage', expect.stringContaining('PIPEGEN_STAGE')],
    ]);
    expect(missing[0]?.repair).toBe(
      'in the role SECURITYADMIN: GRANT USAGE, CREATE TABLE ON SCHEMA "ANALYTICS"."RAW" TO ROLE "PIPEGEN_LOADER";',
    );
  });

  test('tells a stage over another place, and a table of another role', async () => {
    await setUp();
    await admin.query('USE ROLE SYSADMIN');
    await admin.query(
      `CREATE OR REPLACE STAGE "ANALYTICS"."RAW"."PIPEGEN_STAGE" URL = 'gcs://acme-raw/elsewhere/'`,
    );
    await admin.query('GRANT USAGE ON STAGE "ANALYTICS"."RAW"."PIPEGEN_STAGE" TO ROLE "PIPEGEN_LOADER"');
    await admin.query('CREATE OR REPLACE TABLE "ANALYTICS"."RAW"."FLIGHTS" ("A" DATE)');
    const { answers } = await doctor();
    expect(answers.filter(ofSnowflake).map(({ text }) => text)).toEqual([
      'PIPEGEN_STAGE is there and does not show what is written to gs://acme-raw/pipegen',
      "FLIGHTS belongs to SYSADMIN, so that load can't add a column to it",
    ]);
  });

  test('makes and drops a stage where load sends the files itself', async () => {
    project.edit((spec) => {
      spec.environments.production.store = { kind: 'files', root: 'lake' };
      spec.environments.production.warehouse.stage = 'internal';
    });
    await setUp();
    const { answers } = await doctor();
    expect(answers.filter(ofSnowflake)).toEqual([]);
    const stage = answers.find(({ what }) => what === 'Snowflake stage');
    expect(stage).toMatchObject({
      status: 'ok',
      text: 'a temporary one was made and dropped, as load does it',
    });
    expect(await admin.query('SHOW STAGES IN ACCOUNT')).toEqual([]);
  });

  test('goes on where nobody can sign in', async () => {
    await snowflake.config({ strict: true });
    const { exit, states, answers } = await doctor();
    expect(exit).toBe(1);
    const of = (status: string) =>
      states.filter(([what, one]) => one === status && what.startsWith('Snowflake')).map(([what]) => what);
    expect(of('missing')).toEqual(['Snowflake sign-in']);
    // dbt signs in by itself, and is looked at all the same.
    expect(states.at(-1)).toEqual(['dbt dbt', 'missing']);
    expect(of('unknown')).toEqual([
      'Snowflake grants',
      'Snowflake grants of dbt',
      'Snowflake stage',
      'Snowflake tables',
    ]);
    const signIn = answers.find(({ what }) => what === 'Snowflake sign-in');
    expect(signIn?.text).toContain('PIPEGEN_LOADER');
    expect(signIn?.repair).toBe('run the files of generated/production/snowflake in their order');
  });
});
