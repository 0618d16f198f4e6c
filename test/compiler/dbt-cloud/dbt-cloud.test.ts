import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { compile } from '../../../src/compiler/compile.ts';
import { main } from '../../../src/runtime/main.ts';
import { inspect, program } from '../../airflow/airflow.ts';

function build(dbt: string, more = '') {
  const text = `version: 1
sources:
  api: { kind: http, base_url: https://api.example.com/v1 }
environments:
  new: &new
    airflow: "3.3"
    launcher: { kind: process }
    store: { kind: files, root: lake }
    warehouse: { kind: duckdb, path: lake.duckdb, schema: raw }
  old: { extends: new, airflow: "2.11" }
  laptop:
    extends: new
    overrides:
      flights:
        dbt:
          { runner: dbt_core, project: dbt, select: [marts], connection: null, job_id: null, timeout: null, commands: null, variables: null }
pipelines:
  flights:
    schedule: { cron: "0 6 * * *" }
    extract: { source: api, path: /flights }
    columns: { flight_date: { type: date, required: true } }
    load: { table: flights }
    dbt: ${dbt}
    ${more}
  marts:
    schedule: { after: { all: [flights] } }
    dbt: { runner: dbt_cloud, job_id: 8, wait: false, timeout: 90s }
`;
  return compile({ file: 'pipelines.yaml', bytes: Buffer.from(text), readText: () => undefined });
}

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'pipegen-dbt-cloud-'));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

const FULL = `{
      runner: dbt_cloud, connection: dbt_prod, job_id: 4711, timeout: 2h,
      commands: ["dbt build --select +mart", "dbt docs generate {{ x }}"],
      variables: { partitions: "\${partition}", note: "it's {{ ds }}", full: false },
    }`;
const VARS = (days: string) =>
  String.raw`--vars '{"full":false,"note":"it\u0027s {{ ds }}","partitions":"${days}"}'`;

describe.each([
  ['2.11', 'old'],
  ['3.3', 'new'],
] as const)('Airflow %s', (version, environment) => {
  test('gets an operator of the provider in place of the step', async () => {
    const { files, findings } = build(FULL, 'steps: { dbt: { retries: 1 } }');
    expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    const path = folder();
    for (const one of files.filter((file) => file.path.startsWith(`${environment}/dags/`))) {
      mkdirSync(dirname(join(path, one.path)), { recursive: true });
      writeFileSync(join(path, one.path), one.content);
    }
    const ruff = (...args: string[]) =>
      spawnSync(program('lint', 'ruff'), [...args, '--no-cache', '--line-length', '110', '.'], {
        cwd: path,
        encoding: 'utf8',
      });
    expect(ruff('format', '--diff').stdout).toBe('');
    expect(ruff('check', '--select', 'F,E9').status).toBe(0);

    const scenario = {
      name: 'run',
      partition_key: '2026-01-30',
      run_after: '2026-01-31T06:00:00+00:00',
      data_interval_start: '2026-01-30T06:00:00+00:00',
    };
    const found = await inspect(version, path, { scenarios: [scenario] });
    expect(found.import_errors).toEqual({});
    expect(found.warnings).toEqual([]);
    const flights = found.dags.flights;
    expect(flights?.tasks.dbt).toMatchObject({
      class: 'DbtCloudRunJobOperator',
      retries: 1,
      execution_timeout: 7200,
      do_xcom_push: false,
      downstream: ['publish'],
      attributes: { deferrable: false },
    });
    expect(flights?.tasks.check?.downstream).toEqual(['dbt']);
    expect(flights?.rendered.run?.dbt).toMatchObject({
      dbt_cloud_conn_id: 'dbt_prod',
      job_id: 4711,
      steps_override: [
        `dbt build --select +mart ${VARS('2026-01-30')}`,
        `dbt docs generate {{ x }} ${VARS('2026-01-30')}`,
      ],
    });
    const marts = found.dags.marts;
    expect(Object.keys(marts?.tasks ?? {}).sort()).toEqual(['dbt', 'publish']);
    expect(marts?.tasks.dbt?.fields).toMatchObject({
      job_id: 8,
      dbt_cloud_conn_id: 'dbt_cloud_default',
      steps_override: null,
    });
    expect(marts?.tasks.dbt?.execution_timeout).toBe(90);
  });
});

test('the file says whether and how long Airflow waits', () => {
  const content = (name: string) =>
    build(FULL).files.find(({ path }) => path === `new/dags/${name}.py`)?.content;
  expect(content('flights')).toContain('wait_for_termination=True,\n        timeout=7500,');
  expect(content('marts')).toContain('wait_for_termination=False,\n        timeout=390,');
});

test.each(['old', 'new'])(
  'a file of %s whose only step dbt Cloud runs has nothing of a launcher',
  (environment) => {
    const { files } = build(FULL);
    const content = (name: string) =>
      files.find(({ path }) => path === `${environment}/dags/${name}.py`)?.content ?? '';
    const ofLauncher =
      /^(JOB|PROCESS|class) |BashOperator|SubprocessHook|RetryPolicy|cached_property|AirflowFail/m;
    expect(content('flights')).toMatch(ofLauncher);
    expect(content('marts')).toContain('DbtCloudRunJobOperator(');
    expect(content('marts')).not.toMatch(ofLauncher);
  },
);

test('dbt Core stays what is meant where no runner is named', () => {
  const core = (dbt: string) => build(dbt).files.find(({ path }) => path === 'new/dags/flights.py')?.content;
  const plain = core('{ project: dbt, select: [marts] }');
  expect(plain).not.toContain('DbtCloud');
  expect(plain).toContain('task_id="dbt"');
  expect(core('{ runner: dbt_core, project: dbt, select: [marts] }')).toContain('task_id="dbt"');
});

test('an environment may run with dbt Core what another runs in dbt Cloud', () => {
  const { dags } = build(FULL);
  const [here] = dags.filter(({ dagId, environment }) => dagId === 'flights' && environment === 'laptop');
  expect(here?.tasks.find(({ step }) => step === 'dbt')).not.toHaveProperty('dbtCloud');
  expect(JSON.parse(here?.jobText ?? '')).toMatchObject({ dbt: { project: 'dbt', select: ['marts'] } });
});

test.each([
  ['{ runner: dbt_cloud }', '"dbt" has no "job_id"'],
  ['{ runner: dbt_cloud, job_id: 1, project: dbt }', 'unknown key "project"'],
  ['{ runner: cloud, job_id: 1 }', '"cloud" is not a value of "runner"'],
  ['{ project: dbt, selct: [a] }', 'unknown key "selct"'],
  ['{ runner: dbt_cloud, job_id: 1, variables: { a: b } }', '"variables" needs commands beside it'],
  ['{ runner: dbt_cloud, job_id: 1, commands: [run] }', 'must be one line that begins with "dbt "'],
  [
    '{ runner: dbt_cloud, job_id: 1, commands: ["dbt run -s ${task}"] }',
    'holds ${task}, which stands for nothing here',
  ],
])('%s is refused', (dbt, message) => {
  expect(
    build(dbt)
      .findings.map((one) => one.message)
      .join('\n'),
  ).toContain(message);
});

test('a key that is nearly one of dbt is named', () => {
  expect(build('{ project: dbt, selct: [a] }').findings.map(({ help }) => help)).toContain(
    'did you mean "select"?',
  );
});

test('a run without Airflow is refused, and says where dbt runs', async () => {
  const { dags } = build(FULL);
  const home = folder();
  const jobText = dags.find(({ dagId }) => dagId === 'marts')?.jobText ?? '';
  const exit = await main(['dbt'], {
    PIPEGEN_HOME: home,
    PIPEGEN_JOB: jobText,
    PIPEGEN_PARTITIONS: '2026-01-30',
    PIPEGEN_DAG_ID: 'marts',
    PIPEGEN_TASK_ID: 'dbt',
    PIPEGEN_RUN_ID: 'cli__1',
    PIPEGEN_TRY_NUMBER: '1',
  });
  expect(exit).toBe(78);
  const receipts = readdirSync(home, { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.endsWith('dbt.json'),
  );
  const receipt: unknown = JSON.parse(readFileSync(join(home, receipts[0] ?? ''), 'utf8'));
  expect(receipt).toMatchObject({
    status: 'failed',
    exit: 78,
    message: expect.stringContaining('dbt of marts runs in dbt Cloud as job 8, which only Airflow starts'),
  });
});
