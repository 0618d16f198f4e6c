import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { standInEnvironment } from '../../../src/cli/commands/stand-in.ts';
import { type StandIn, startStandIn } from '../../../src/stand-in/server.ts';
import { createProject, REPOSITORY } from '../../run/project.ts';
import { examine } from './project.ts';

let api: StandIn;

beforeAll(async () => {
  api = await startStandIn({ today: '2026-02-15', flightsPerAirlineAndDay: 1 });
});

afterAll(() => api?.close());

const LOCAL = ['--env', 'local'];

/** dbt takes seconds to say anything. */
const withoutDbt = () =>
  createProject({
    dbt: false,
    change: (spec) => {
      delete spec.pipelines.partner_scorecard;
    },
  });

describe('pipegen doctor on a laptop', () => {
  test('says of all that it is there, spends no request and leaves nothing behind', async () => {
    await using project = createProject({ dbt: true });
    expect((await project.pipegen(['build'])).exit).toBe(0);
    const before = readdirSync(project.folder, { recursive: true }).sort();
    const { exit, stdout, stderr, states, answers } = await examine(project, LOCAL, standInEnvironment(api));
    expect(answers.filter(({ status }) => status !== 'ok')).toEqual([]);
    expect(stderr).toBe('');
    expect(states).toEqual([
      ['spec', 'ok'],
      ['generated files', 'ok'],
      ['secret AVIATIONSTACK_ACCESS_KEY', 'ok'],
      ['source aviationstack', 'ok'],
      ['store', 'ok'],
      ['warehouse', 'ok'],
      ['dbt dbt', 'ok'],
    ]);
    expect(exit).toBe(0);
    expect(api.requests).toHaveLength(0);
    expect(stdout).not.toContain(api.key);
    expect(readdirSync(project.folder, { recursive: true }).sort()).toEqual(before);
  });

  test('goes on after each thing that is missing, and says how to repair it', async () => {
    await using project = createProject({ dbt: true });
    await project.pipegen(['build']);
    project.edit((spec) => {
      spec.pipelines.flights.description = 'another one';
      spec.environments.local.store.root = 'file/lake';
      spec.environments.local.warehouse.path = 'broken.duckdb';
      spec.environments.local.variables.aviationstack_url = 'http://127.0.0.1:1/v1';
      spec.pipelines.flights.dbt.project = 'nowhere';
      spec.pipelines.partner_scorecard.dbt.project = 'nowhere';
    });
    writeFileSync(join(project.folder, 'file'), '');
    writeFileSync(
      join(project.folder, 'broken.duckdb'),
      'this is no database, and longer than its header. '.repeat(400),
    );
    const { exit, states, answers } = await examine(project, LOCAL);
    expect(states).toEqual([
      ['spec', 'ok'],
      ['generated files', 'missing'],
      ['secret AVIATIONSTACK_ACCESS_KEY', 'missing'],
      ['source aviationstack', 'missing'],
      ['store', 'missing'],
      ['warehouse', 'missing'],
      ['dbt nowhere', 'missing'],
    ]);
    expect(exit).toBe(1);
    expect(answers.filter(({ status, repair }) => status === 'missing' && repair === null)).toEqual([]);
    const text = (what: string) => answers.find((one) => one.what === what)?.text;
    expect(text('generated files')).toMatch(/^generated\/local\/dags\/flights\.py: changed/);
    expect(text('source aviationstack')).toBe('no connection to 127.0.0.1:1: ECONNREFUSED');
    expect(text('store')).toContain('is a file, where a folder is needed');
    expect(text('warehouse')).toContain('broken.duckdb');
    expect(text('dbt nowhere')).toContain('nowhere/dbt_project.yml');
  });

  test('writes to a store that is there, and takes what it wrote away', async () => {
    await using project = withoutDbt();
    const lake = join(project.folder, '.pipegen/lake');
    mkdirSync(lake, { recursive: true });
    const { answers } = await examine(project, LOCAL, standInEnvironment(api));
    expect(answers.find(({ what }) => what === 'store')?.text).toBe(
      `${lake}: an object was written, read back and removed`,
    );
    expect(readdirSync(lake, { recursive: true, withFileTypes: true }).filter((one) => one.isFile())).toEqual(
      [],
    );
  });

  test('says what dbt is lacking', async () => {
    await using project = createProject({ dbt: true });
    const silent = join(project.folder, 'dbt.sh');
    writeFileSync(silent, '#!/bin/sh\nexit 3\n', { mode: 0o755 });
    const dbt = async (PIPEGEN_DBT: string) => {
      const { answers } = await examine(project, LOCAL, { ...standInEnvironment(api), PIPEGEN_DBT });
      return answers.find(({ what }) => what === 'dbt dbt');
    };
    expect(await dbt(silent)).toMatchObject({ status: 'missing', text: 'dbt debug ended with 3' });
    expect(await dbt('nowhere')).toMatchObject({ status: 'missing' });
    const settings = join(project.folder, 'dbt/dbt_project.yml');
    writeFileSync(
      settings,
      readFileSync(settings, 'utf8').replace(/^require-dbt-version:.*$/m, "require-dbt-version: '<1.0.0'"),
    );
    expect(await dbt(join(REPOSITORY, '.venv/dbt/bin/dbt'))).toMatchObject({
      status: 'missing',
      text: expect.stringContaining('This version of dbt is not supported'),
      repair: expect.stringContaining('debug --project-dir'),
    });
  });

  test('gives up on who does not answer, and goes on', async () => {
    // Takes connections and never begins with TLS.
    const silent = createServer();
    await new Promise<void>((listening) => void silent.listen(0, '127.0.0.1', listening));
    try {
      await using project = withoutDbt();
      const url = `https://127.0.0.1:${(silent.address() as AddressInfo).port}/v1`;
      const variables = { ...standInEnvironment(api), PIPEGEN_VAR_AVIATIONSTACK_URL: url };
      const { answers, states } = await examine(project, [...LOCAL, '--deadline', '3s'], variables);
      expect(answers.find(({ what }) => what === 'source aviationstack')).toMatchObject({
        status: 'missing',
        text: 'no answer within 3 s',
      });
      expect(states.slice(-2)).toEqual([
        ['store', 'ok'],
        ['warehouse', 'ok'],
      ]);
    } finally {
      silent.close();
    }
  });

  test('says that a spec with an error is to be corrected first', async () => {
    await using project = createProject({ dbt: false });
    project.edit((spec) => {
      spec.pipelines.flights.schedule.cron = 'never';
    });
    const { exit, states, answers } = await examine(project, LOCAL, standInEnvironment(api));
    expect(states).toEqual([['spec', 'missing']]);
    expect(answers[0]?.repair).toContain('pipegen lint');
    expect(exit).toBe(1);
  });

  test('looks at all else where only the image is not pushed yet', async () => {
    await using project = createProject({ dbt: false });
    rmSync(join(project.folder, 'image.digest'));
    const { exit, states } = await examine(project, ['--env', 'production', '--deadline', '1s']);
    expect(exit).toBe(1);
    expect(states.slice(0, 4)).toEqual([
      ['spec', 'ok'],
      ['image', 'missing'],
      ['generated files', 'unknown'],
      ['secret AVIATIONSTACK_ACCESS_KEY', 'unknown'],
    ]);
    expect(states.map(([what]) => what)).toContain('Snowflake sign-in');
  });

  test('is for people by default, and knows the environments', async () => {
    await using project = withoutDbt();
    const { stdout, exit } = await project.pipegen(['doctor', ...LOCAL], api);
    expect(stdout).toMatch(/^ok {10}spec: pipelines\.yaml has no error$/m);
    expect(stdout).toMatch(/^missing {5}generated files: .*\n {12}→ run `pipegen build --env local`/m);
    expect(stdout).toMatch(/\n\d+ ok, \d+ missing, \d+ can't tell\n$/);
    expect(exit).toBe(1);
    const unknown = await project.pipegen(['doctor', '--env', 'lokal']);
    expect(unknown).toMatchObject({
      exit: 2,
      stderr: 'error: there is no environment "lokal": did you mean "local"?\n',
    });
    expect((await project.pipegen(['doctor', ...LOCAL, '--deadline', 'soon'])).exit).toBe(2);
    expect((await project.pipegen(['--help'])).stdout).toContain('doctor [options]');
    expect(existsSync(join(project.folder, '.pipegen'))).toBe(false);
  });
});
