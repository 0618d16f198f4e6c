import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { compile } from '../../../src/compiler/compile.ts';

const DBT = join(import.meta.dirname, '../../../.venv/dbt/bin/dbt');

interface Options {
  schedule?: string;
  columns?: string;
  rest?: string;
  warehouse?: string;
}

const DUCKDB = '{ kind: duckdb, path: w.duckdb, schema: landed }';
const SNOWFLAKE =
  '{ kind: snowflake, account: acme-eu1, database: analytics, schema: landed, compute: L, role: R_LOADER, stage: S, auth: { kind: workload_identity, provider: gcp } }';

/** A spec of one pipeline that loads the table `order`, with dbt behind it. */
function spec({ schedule, columns = '{ id: {} }', rest = '', warehouse = DUCKDB }: Options = {}): string {
  return `version: 1
secrets: { pepper: PEPPER }
sources: { api: { kind: http, base_url: "http://127.0.0.1" } }
environments:
  local: { airflow: "3.3", launcher: { kind: process }, store: { kind: gcs, bucket: lake }, warehouse: ${warehouse} }
pipelines:
  orders:
    ${schedule === undefined ? '' : `schedule: ${schedule}`}
    extract: { source: api, path: /orders, records: data }
    # pipegen-ignore reserved-name: to see that everything is quoted
    columns: ${columns}
    # pipegen-ignore reserved-name: to see that everything is quoted
    load: { table: order }
    dbt: { project: dbt, select: ["tag:orders"] }
    ${rest}
`;
}

function build(text: string) {
  const { files, findings } = compile({
    file: 'folder/pipelines.yaml',
    bytes: Buffer.from(text),
    readText: () => undefined,
  });
  expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  return files.find(({ path }) => path === 'local/dbt/sources.yml')?.content;
}

// biome-ignore lint/suspicious/noExplicitAny: a parsed file that a test looks into
function table(text: string): any {
  return parse(build(text) ?? '').sources[0].tables[0];
}

const column = (text: string, name: string) =>
  table(text).columns.find((one: { name: string }) => one.name === name);

test('freshness follows the longest gap of the schedule, half of it late and three of it', () => {
  const bounds = (schedule?: string) =>
    table(spec(schedule === undefined ? {} : { schedule })).config.freshness;
  const hours = (warn: number, error: number) => ({
    warn_after: { count: warn, period: 'hour' },
    error_after: { count: error, period: 'hour' },
  });
  expect(bounds('{ cron: "0 6 * * *" }')).toEqual(hours(36, 72));
  // From Friday to Monday.
  expect(bounds('{ cron: "0 6 * * 1-5" }')).toEqual(hours(108, 216));
  expect(bounds('{ cron: "0 9-17 * * 1-5" }')).toEqual(hours(96, 192));
  expect(bounds('{ cron: "0 6 1 * *" }')).toEqual(hours(1116, 2232));
  expect(bounds('{ cron: "0 * * * *" }')).toEqual({
    warn_after: { count: 90, period: 'minute' },
    error_after: { count: 3, period: 'hour' },
  });
  expect(bounds()).toBeUndefined();
});

test('a pipeline that others start is as fresh as they are', () => {
  const upstreams = `
  daily: { schedule: { cron: "0 6 * * *" }, dbt: { project: dbt, select: [a] } }
  weekly: { schedule: { cron: "0 6 * * 1" }, dbt: { project: dbt, select: [a] } }
  manual: { dbt: { project: dbt, select: [a] } }`;
  const warn = (after: string) =>
    table(spec({ schedule: `{ after: ${after} }` }) + upstreams.slice(1)).config.freshness?.warn_after.count;
  expect(warn('{ all: [daily, weekly] }')).toBe(252);
  expect(warn('{ any: [daily, weekly] }')).toBe(36);
  expect(warn('{ all: [daily, manual] }')).toBeUndefined();
  expect(warn('{ any: [daily, manual] }')).toBe(36);
});

test('each rule of a column that its table keeps is a test', () => {
  const columns = `
      id: { required: true }
      state: { accepted: [open, closed], description: "Where it stands {{ now }}" }
      email: { from: contact.mail, required: true, accepted: [a], mask: { kind: hash, pepper: pepper } }
      iban: { required: true, mask: { kind: drop } }
      amount: { type: "decimal(12,4)", from: [net, gross] }`;
  const text = spec({ columns });
  const tests = (name: string) =>
    (column(text, name).data_tests ?? []).map((one: object) => Object.keys(one)[0]);
  expect(tests('id')).toEqual(['not_null']);
  expect(tests('state')).toEqual(['accepted_values']);
  expect(tests('email')).toEqual(['not_null']);
  expect(tests('amount')).toEqual([]);
  expect(tests('_pipegen_load_id')).toEqual(['not_null']);
  expect(column(text, 'iban')).toBeUndefined();
  expect(column(text, 'amount').description).toBe('Read from net, else gross.');
  expect(column(text, 'state').description).toBe("Where it stands {{ '{' }}{ now }}");
});

test('on Snowflake all names are in upper case, and quoted', () => {
  const text = spec({ warehouse: SNOWFLAKE, rest: 'key: { columns: [id] }' });
  expect(parse(build(text) ?? '').sources[0]).toMatchObject({
    name: 'raw',
    database: 'ANALYTICS',
    schema: 'LANDED',
    quoting: { database: true, schema: true, identifier: true },
    tables: [
      {
        name: 'order',
        identifier: 'ORDER',
        columns: [{ name: 'ID', quote: true }, {}, {}, {}, {}, {}, {}, {}],
      },
    ],
  });
  expect(table(text).data_tests[0].unique).toMatchObject({
    arguments: {
      column_name: 'to_json(array_construct(cast("_PIPEGEN_PARTITION" as varchar), cast("ID" as varchar)))',
    },
    config: { where: expect.stringMatching(/^"ID" is not null and /) },
  });
});

test('what a parser of YAML would refuse or fold is escaped', () => {
  const columns = '{ id: { description: "a\\u2028b\\u0085c\\uFEFFd 東京 🛫" } }';
  const text = spec({ columns });
  expect(column(text, 'id').description).toBe('a\u2028b\u0085c\uFEFFd 東京 🛫');
  expect(build(text)).not.toMatch(/[\u0085\u2028\uFEFF]/);
});

test('there is none without dbt, and the same bytes for the same spec in another order', () => {
  expect(build(spec().replace(/ {4}dbt: .*\n/, ''))).toBeUndefined();
  const more = `
  a: { extract: { source: api, path: /a, records: data }, columns: { id: {} }, load: { table: a } }
  b: { extract: { source: api, path: /b, records: data }, columns: { id: {} }, load: { table: b } }`;
  const lines = more.slice(1).split('\n');
  expect(build(`${spec()}${lines.join('\n')}`)).toBe(build(`${spec()}${lines.reverse().join('\n')}`));
});

test('dbt takes hostile names and values, and finds what breaks the rules in the days of the run only', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'pipegen-dbt-sources-'));
  try {
    const columns = `{ select: { required: true, description: "{% raw %} {{ x }} ' \\" # *" }, state: { accepted: ["it's", "{{ 1 }}", "a\\\\b", "東京; drop"] } }`;
    const content = build(spec({ columns, rest: 'key: { columns: [select] }' })) ?? '';
    mkdirSync(join(folder, 'models'));
    writeFileSync(join(folder, 'models/sources.yml'), content);
    const project = {
      name: 'demo',
      version: '1.0',
      'config-version': 2,
      profile: 'p',
      vars: { partitions: [] },
    };
    writeFileSync(join(folder, 'dbt_project.yml'), JSON.stringify(project));
    const path = join(folder, 'w.duckdb');
    const profiles = { p: { target: 't', outputs: { t: { type: 'duckdb', path, schema: 'analytics' } } } };
    writeFileSync(join(folder, 'profiles.yml'), JSON.stringify(profiles));
    const instance = await DuckDBInstance.create(path);
    const connection = await instance.connect();
    const good = ["it''s", '{{ 1 }}', 'a\\b', '東京; drop'];
    await connection.run(`
      create schema landed;
      create table landed."order" as
        select date '2026-01-02' as _pipegen_partition, 'l' as _pipegen_load_id, "select", state
        from (values ${good.map((one, index) => `('${index}', '${one}')`).join(', ')}, (null, null)) as t("select", state)
        where "select" is not null
      union all values (date '2026-01-01', 'l', '1', 'other'), (date '2026-01-01', 'l', '1', null), (date '2026-01-01', 'l', null, null), (date '2026-01-01', 'l', null, null)`);
    connection.closeSync();
    instance.closeSync();
    const failures = (partitions: string[]) => {
      const words = ['test', '--vars', JSON.stringify({ partitions })];
      const places = ['--project-dir', folder, '--profiles-dir', folder];
      try {
        execFileSync(DBT, [...words, ...places], { encoding: 'utf8' });
        return {};
      } catch (error) {
        const found = (error as { stdout: string }).stdout.matchAll(/FAIL (\d+) (\S+)/g);
        return Object.fromEntries(
          [...found].map(([, count, name = '']) => [name.slice(0, 20), Number(count)]),
        );
      }
    };
    expect(failures(['2026-01-02'])).toEqual({});
    const all = { unique_key_of_order: 1, source_not_null_raw_: 2, source_accepted_valu: 1 };
    expect(failures([])).toEqual(all);
    expect(failures(['2026-01-01', '2026-01-02'])).toEqual(all);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 400_000);
