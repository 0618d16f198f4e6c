import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type StandIn, startStandIn } from '../../../src/stand-in/server.ts';
import { createProject, filesBelow, type Project } from '../../run/project.ts';

const DATE = '2026-01-31';

let standIn: StandIn;
let project: Project;

beforeAll(async () => {
  standIn = await startStandIn();
  project = createProject({ dbt: false });
});
afterAll(async () => {
  await standIn?.close();
  await project?.[Symbol.asyncDispose]();
});

test('what ran is listed, and all of one run is told, from receipts and load records', async () => {
  const empty = await project.pipegen(['runs']);
  expect(empty).toMatchObject({ exit: 0, stderr: '' });
  expect(empty.stdout).toContain('no runs');

  const { result } = await project.run(['flights', '--date', DATE], standIn);
  expect(result.status).toBe('done');
  const bytes = () =>
    [...filesBelow(project.folder)].map(({ path, bytes }) => `${path} ${bytes.toString('hex')}`).sort();
  const before = bytes();

  const list = await project.pipegen(['runs']);
  expect(list).toMatchObject({ exit: 0, stderr: '' });
  expect(list.stdout).toMatch(
    /^flights {3}2026-01-31 {2}[0-9a-f]{12} .* done {4}extract upload load check /m,
  );
  const json = JSON.parse((await project.pipegen(['runs', '--format', 'json'])).stdout);
  expect(json).toMatchObject({ version: 1, environment: 'local', more: 0, broken: [] });
  const [run] = json.runs;
  const { received, loaded } = result.partitions[0]?.steps.find(({ step }) => step === 'load')?.rows ?? {};
  expect(run).toMatchObject({
    pipeline: 'flights',
    partition: DATE,
    status: 'done',
    rows: { received, loaded },
  });
  expect(run.warehouse).toBeUndefined();

  const id = String(run.run);
  const whole = await project.pipegen(['runs', id.slice(0, 6)]);
  expect(whole).toMatchObject({ exit: 0, stderr: '' });
  expect(whole.stdout).toContain(run.run_id);
  expect(whole.stdout).toMatch(/^extract {2}done .* received/m);
  expect(whole.stdout).toContain('warehouse: this load is the newest of its partition');
  const one = JSON.parse((await project.pipegen(['runs', run.run_id, '--format', 'json'])).stdout);
  const load = one.runs[0].steps.find(({ step }: { step: string }) => step === 'load');
  expect(one.runs[0].warehouse).toEqual({ load: 'newest', note: load.load_id });
  expect(bytes()).toEqual(before);

  const file = join(project.folder, '.pipegen/warehouse.duckdb');
  renameSync(file, `${file}.away`);
  const away = await project.pipegen(['runs', id]);
  expect(away.exit).toBe(0);
  expect(away.stdout).toMatch(
    /warehouse: not asked for its load records: there is no file .*warehouse\.duckdb/,
  );
  renameSync(`${file}.away`, file);

  writeFileSync(join(project.folder, `.pipegen/lake/receipts/flights/${DATE}/${id}/upload.json`), '{');
  const broken = await project.pipegen(['runs', id]);
  expect(broken.exit).toBe(1);
  expect(broken.stderr).toContain('upload.json can’t be read as a receipt');
  expect(broken.stdout).toMatch(/^load {5}done/m);
}, 400_000);

test.each([
  [['runs', 'ffff00001111'], 'there is no run "ffff00001111"'],
  [['runs', '--env', 'loca'], 'there is no environment "loca": did you mean "local"?'],
  [['runs', '--date', 'yesterday'], 'a date such as 2026-01-31 is needed'],
  [['runs', '--limit', '0'], 'a whole number from 1 on is needed'],
  [['runs', '--pipeline', '../flights'], 'a name of a pipeline is needed'],
])('%j is a wrong invocation', async (args, message) => {
  const { exit, stderr } = await project.pipegen(args);
  expect(exit).toBe(2);
  expect(stderr).toContain(message);
});
