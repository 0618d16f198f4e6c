import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { expect, test } from 'vitest';
import type { StepContext } from '../../../src/runtime/context.ts';
import type { DbtDetails } from '../../../src/runtime/receipt.ts';
import { dbt } from '../../../src/runtime/steps/dbt.ts';
import { holdOpen } from '../load/holder.ts';
import { PARTITION, query, runOne, writeJob } from '../upload/rig.ts';
import { open, PROJECT, WORK } from './project.ts';

test('models and tests are built once for all partitions, and the project stays as it was', async () => {
  const partitions = ['2026-01-30', PARTITION];
  using rig = open();
  const finished: [string, DbtDetails][] = [];
  const work = partitions.map((partition) => ({ ...WORK, partition }));
  await dbt(rig.context, work, {
    finish: async (partition, outcome) => void finished.push([partition, outcome.details as DbtDetails]),
    spent: () => undefined,
    keep: () => undefined,
  });
  expect(finished.map(([partition]) => partition)).toEqual(partitions);
  const details = finished[0]?.[1];
  expect(details).toMatchObject({ passed: 3, warned: 0, failed: 0, skipped: 0 });
  const { run_results, manifest } = details?.artefacts ?? { run_results: '' };
  const text = async (name: string) => String(await rig.context.store.read(name));
  expect(JSON.parse(await text(run_results)).results).toHaveLength(3);
  expect(Object.keys(JSON.parse(await text(manifest ?? '')).nodes)).toContain('model.demo.days');
  expect(details?.nodes.map((node) => [node.unique_id.split('.')[0], node.status]).sort()).toEqual([
    ['model', 'success'],
    ['model', 'success'],
    ['test', 'pass'],
  ]);
  expect(await query(rig.database, 'SELECT * FROM analytics.days ORDER BY day')).toEqual(
    partitions.map((day) => ({ day, run: 'manual__1', raw: 'raw' })),
  );
  expect(readdirSync(rig.project).sort()).toEqual(['dbt_project.yml', 'models']);
});

test('a failed test is bad data, named with its message; what depends on it is skipped', async () => {
  using rig = open({
    'models/days.yml': `models: [{ name: days, columns: [{ name: day, data_tests: [{ accepted_values: { arguments: { values: ["1999-12-31"] } } }] }] }]`,
  });
  await expect(runOne(dbt, rig.context, WORK)).rejects.toMatchObject({
    exit: 65,
    message: expect.stringMatching(
      /1 of 3 dbt nodes failed: test\.demo\.accepted_values.* fail: Got 1 result/,
    ),
  });
  expect(rig.log.some((line) => JSON.parse(line).event === 'dbt_node_failed')).toBe(true);
});

test.each([
  [
    'a model whose SQL fails',
    { 'models/counts.sql': 'select nothing from nowhere' },
    65,
    /model\.demo\.counts error/,
  ],
  [
    'a reference to no model',
    { 'models/counts.sql': "select * from {{ ref('none') }}" },
    78,
    /Compilation Error.*none/,
  ],
  ['an unknown macro', { 'models/counts.sql': 'select {{ nothing() }}' }, 78, /'nothing' is undefined/],
  ['a project file that is no YAML', { 'dbt_project.yml': 'name: [' }, 78, /dbt_project\.yml is no YAML/],
  ['a project without a profile', { 'dbt_project.yml': 'name: demo' }, 78, /names no profile/],
  [
    'a project file that dbt refuses',
    { 'dbt_project.yml': `${PROJECT}require-dbt-version: ">=99.0.0"\n` },
    78,
    /dbt ended with 2/,
  ],
] as const)(
  '%s',
  async (_, changes, exit, message) => {
    using rig = open(changes);
    await expect(runOne(dbt, rig.context, WORK)).rejects.toMatchObject({
      exit,
      message: expect.stringMatching(message),
    });
  },
  120_000,
);

test('a selector that selects nothing is a configuration error', async () => {
  using rig = open({}, { select: ['tag:none'] });
  await expect(runOne(dbt, rig.context, WORK)).rejects.toMatchObject({
    exit: 78,
    message: expect.stringContaining('dbt.select (tag:none) selects nothing'),
  });
});

test('a project that reads the generated source needs that of its environment', async () => {
  const reads = `${PROJECT}model-paths: ["models", "{{ env_var('PIPEGEN_DBT_SOURCES') }}"]\n`;
  using rig = open({ 'dbt_project.yml': reads });
  await expect(runOne(dbt, rig.context, WORK)).rejects.toMatchObject({
    exit: 78,
    message: expect.stringMatching(/generated\/local\/dbt is not there: run `pipegen build`/),
  });
});

test('no project, no program and no dbt at all are configuration errors with the repair', async () => {
  using rig = open();
  const environment = { PATH: '' };
  const run = (changes: Partial<StepContext>) => runOne(dbt, { ...rig.context, ...changes }, WORK);
  await expect(run({ environment })).rejects.toMatchObject({
    exit: 78,
    message: expect.stringMatching(/dbt was not found.*PIPEGEN_DBT/),
  });
  await expect(run({ environment: { PIPEGEN_DBT: 'no/dbt' } })).rejects.toMatchObject({
    exit: 78,
    message: expect.stringMatching(/PIPEGEN_DBT is no\/dbt/),
  });
  const job = { ...rig.context.job, dbt: { project: 'elsewhere', select: ['*'] } };
  await expect(run({ job })).rejects.toMatchObject({
    exit: 78,
    message: expect.stringContaining("elsewhere/dbt_project.yml can't be read"),
  });
});

/** A dbt of our own that says what it was given and ends as told: what no real one does on demand. */
function fakeDbt(folder: string, body: string): NodeJS.ProcessEnv {
  const path = join(folder, 'dbt');
  writeFileSync(path, `#!/bin/sh\n${body}\n`);
  chmodSync(path, 0o755);
  return { ...process.env, PATH: [folder, process.env.PATH].join(delimiter), AVIATIONSTACK_ACCESS_KEY: 'k' };
}

test.each([
  [
    'a lock',
    `echo '{"info":{"level":"error","name":"X","msg":"IO Error: Could not set lock on file"}}'; exit 2`,
    75,
  ],
  ['nothing said', 'exit 2', 75],
  ['wrong options', 'echo "Usage: dbt build [OPTIONS]" >&2; exit 2', 78],
  ['a signal', 'kill -9 $$', 75],
] as const)('dbt that ends early for %s', async (_, body, exit) => {
  using rig = open();
  await expect(
    runOne(dbt, { ...rig.context, environment: fakeDbt(rig.home, body) }, WORK),
  ).rejects.toMatchObject({ exit });
});

test('the key of the API is not in the environment of dbt', async () => {
  using rig = open({}, { context: { job: jobWithKey() } });
  const environment = fakeDbt(rig.home, `env > ${JSON.stringify(join(rig.home, 'environment'))}; exit 2`);
  await expect(runOne(dbt, { ...rig.context, environment }, WORK)).rejects.toThrow();
  const seen = readFileSync(join(rig.home, 'environment'), 'utf8');
  expect(seen).toContain('DBT_SEND_ANONYMOUS_USAGE_STATS=false');
  expect(seen).not.toContain('AVIATIONSTACK_ACCESS_KEY');
});

function jobWithKey() {
  const auth = {
    kind: 'api_key',
    in: 'query',
    name: 'access_key',
    secret: 'AVIATIONSTACK_ACCESS_KEY',
  } as const;
  return writeJob({
    dbt: { project: 'models of ours', select: ['*'] },
    extract: { source: { kind: 'http', base_url: 'http://127.0.0.1', auth }, path: '/flights' },
  });
}

test('SIGTERM to the step interrupts dbt, and the step as stopped', async () => {
  const abort = new AbortController();
  using rig = open({}, { context: { signal: abort.signal } });
  const mark = join(rig.home, 'interrupted');
  const started = `echo '{"info":{"level":"info","name":"X","msg":"started"}}'`;
  const environment = fakeDbt(
    rig.home,
    `trap 'touch "${mark}"; exit 1' INT; ${started}; while true; do sleep 0.1; done`,
  );
  const log = Object.create(rig.context.log, {
    info: { value: (fields: { event: string }) => fields.event === 'dbt' && abort.abort() },
  });
  await expect(runOne(dbt, { ...rig.context, environment, log }, WORK)).rejects.toMatchObject({ exit: 143 });
  expect(existsSync(mark)).toBe(true);
});

test('dbt waits until another process has closed the file', async () => {
  using rig = open();
  mkdirSync(join(rig.home, 'warehouse'));
  await query(rig.database, 'SELECT 1');
  const mark = join(rig.home, 'released');
  const holder = await holdOpen(rig.database, mark);
  const result = '{"results":[{"unique_id":"model.a","status":"success","execution_time":0}]}';
  const environment = fakeDbt(rig.home, `test -e "${mark}" && echo '${result}' > run_results.json`);
  const running = runOne(dbt, { ...rig.context, environment }, WORK);
  await holder.release();
  expect((await running).details).toMatchObject({ passed: 1 });
});
