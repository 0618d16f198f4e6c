import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { GeneratedFile } from '../../../src/compiler/dag.ts';
import { emit } from '../../../src/compiler/emit.ts';
import { layout } from '../../../src/compiler/python/expression.ts';
import { message } from '../../../src/compiler/targets/alerts/message.ts';
import { ALERT_PLACEHOLDERS, type Alert } from '../../../src/spec/alerts.ts';
import { AIRFLOW_VERSIONS } from '../../../src/spec/environment.ts';
import { inspect, program } from '../../airflow/airflow.ts';
import { definition, tasks } from '../emit/definitions.ts';
import { build } from './spec.ts';

const ALL = `alerts:
      on_failure:
        - slack: { connection: slack_data, channel: "#data-alerts" }
        - email: { to: [data@example.com] }
        - notifier: airflow.providers.slack.notifications.slack_webhook.SlackWebhookNotifier
          arguments: { text: "{{ ti.task_id }} failed", unfurl_links: false, slack_webhook_conn_id: hook }
      on_retry:
        - slack: { connection: slack_data, channel: "#data-noise", text: "\${task}, try \${try} of \${partition} " }
      on_success:
        - email: { connection: smtp_bi, to: [bi@example.com], subject: "\${pipeline} is there" }
      on_deadline:
        after: 90m
        tell:
          - slack: { connection: slack_late, channel: "#data-alerts" }
          - email: { to: [data@example.com], subject: "\${partition} is late" }`;

function written(files: readonly GeneratedFile[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'pipegen-alerts-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const { path, content } of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

function ruff(folder: string, ...args: string[]): string {
  const ended = spawnSync(program('lint', 'ruff'), [...args, '--no-cache', '.'], {
    cwd: folder,
    encoding: 'utf8',
  });
  return ended.status === 0 ? '' : ended.stdout + ended.stderr;
}

const findings = (lines: Parameters<typeof build>[0]) =>
  build(lines).findings.map(({ message: text }) => text);

describe('in the file', () => {
  const { findings: none, files } = build({ pipeline: ALL });

  test.each([
    ['2.11', 'old'],
    ['3.3', 'new'],
  ] as const)('of Airflow %s, which imports it', async (version, environment) => {
    expect(none.map(({ name }) => name)).toEqual(['deadline-without-version']);
    const file = files.find(({ path }) => path.startsWith(`${environment}/`));
    const parts =
      /^def tell_of_[\s\S]*?(?=\n\n\n)|^# Whom[\s\S]*(?=^with )|^ +"?on_.*|^ +deadline=.*|^ +@task.*/gm;
    const own = file?.content.match(parts)?.map((one) => `${one.trim()}\n`);
    await expect(own?.join('\n')).toMatchFileSnapshot(`golden/${version}.py`);
    const found = await inspect(version, written(file === undefined ? [] : [file]));
    expect(found.import_errors).toEqual({});
    expect(found.warnings).toEqual([]);
    const stored = JSON.stringify(found.dags.on_failure?.serialized);
    expect(stored).toContain('on_failure_callback');
    expect(stored).not.toContain('slack_data');
    // What the triggerer is to call is stored.
    expect(stored.includes('slack_late')).toBe(version === '3.3');
    // An address in memory would make each reading of the file another version of the DAG.
    expect(stored).not.toMatch(/ at 0x[0-9a-f]+/);
  });

  test('every alert is formatted as ruff formats it, and imports what it uses', () => {
    const name = fc.constantFrom('a.Note', 'b.Note', 'c.SlackNotifier', 'd.DAG', 'd.timedelta', 'd.JOB');
    const placeholder = fc.constantFrom(...ALERT_PLACEHOLDERS).map((one) => `\${${one}}`);
    const text = fc
      .array(fc.oneof(placeholder, fc.constantFrom('{', 'a "word" ', '東京', '\n', 'x'.repeat(60))), {
        minLength: 1,
      })
      .map((parts) => parts.join(''));
    const alert: fc.Arbitrary<Alert> = fc.oneof(
      fc.record({
        slack: fc.record({ connection: fc.constant('slack'), channel: text, text }),
      }),
      fc.record({
        email: fc.record({
          connection: fc.constant('smtp'),
          to: fc.constant(['a@example.com']),
          subject: text,
        }),
      }),
      fc.record({ notifier: name, arguments: fc.dictionary(fc.constantFrom('x', 'y'), fc.jsonValue()) }),
    ) as fc.Arbitrary<Alert>;
    const some = fc.array(alert, { maxLength: 4 });
    const told = fc.record({
      on_failure: some,
      on_retry: some,
      on_success: some,
      on_deadline: fc.record({
        after: fc.constant('90m'),
        tell: fc.array(alert, { minLength: 1, maxLength: 3 }),
      }),
    });
    const samples = fc.sample(told, {
      numRuns: 150,
      seed: 11,
    });
    const dags = samples.map((one, at) =>
      definition({ dagId: `alerts_${at}`, alerts: one, airflow: AIRFLOW_VERSIONS[at % 2] ?? '3.3' }),
    );
    const folder = written(emit(dags));
    expect(ruff(folder, 'format', '--diff')).toBe('');
    expect(ruff(folder, 'check', '--select', 'F,E9')).toBe('');
  });

  test('a file without alerts has nothing of them', () => {
    const [dag] = build({}).dags;
    expect(dag).not.toHaveProperty('alerts');
    expect(
      build({})
        .files.map(({ content }) => content)
        .join(''),
    ).not.toMatch(/callback|Notifier/);
  });
});

test('every character of a text and of an owner arrives, in plain text and in HTML', () => {
  const part = fc.oneof(
    fc.constantFrom('{', '{{', '}}', '{%', '%}', '{#', '-', ' ', '\n', '&lt;', '<b>', '"', "'", '\\', '${'),
    fc.constantFrom(...ALERT_PLACEHOLDERS).map((one) => `\${${one}}`),
    fc.string({ unit: 'grapheme', maxLength: 8 }),
  );
  const cases = fc.sample(fc.tuple(fc.array(part), fc.array(part)), { numRuns: 500, seed: 5 });
  const rows = cases.map(([words, owners]) => {
    const text = words.join('');
    // A carriage return is a line break to Jinja, as it is to every reader of the message.
    const owner = owners.join('').replaceAll('${', '$ {').replaceAll('\r', '');
    const dag = definition({ owner });
    const values: Record<string, string> = {
      pipeline: 'flights',
      environment: 'production',
      owner,
      task: 'load',
      partition: '2026-01-30,2026-01-31',
      try: '2',
      log: 'http://x/?a=1&b=2',
      reason: 'the task failed',
    };
    const clean = text.replaceAll('\r', '');
    const expected = clean.replace(/\$\{\s*(\w+)\s*\}/g, (whole, key: string) => values[key] ?? whole);
    const print = (form: 'plain' | 'html') => layout(message(clean, dag, form), 0, 0);
    return { plain: print('plain'), html: print('html'), expected };
  });
  const script = `
import html, json, re, sys
from jinja2 import StrictUndefined
from jinja2.sandbox import SandboxedEnvironment
PARTITIONS = """
{%- set day = '2026-01-31' -%}
{%- for one in ['2026-01-30', day] -%}
    {{ one }}{{ '' if loop.last else ',' }}
{%- endfor -%}
"""
class ti:
    task_id, try_number, log_url = "load", 2, "http://x/?a=1&b=2"
render = lambda source: SandboxedEnvironment(cache_size=0, undefined=StrictUndefined).from_string(eval(source)).render(ti=ti)
link = re.compile(r'<a href="(http[^"]*)">\\1</a>')
answer = [
    [render(row["plain"]), html.unescape(link.sub(r"\\1", render(row["html"])).replace("<br>\\n", "\\n"))]
    for row in json.load(sys.stdin)
]
json.dump(answer, sys.stdout)
`;
  const answer = execFileSync(program('airflow-3.3', 'python'), ['-c', script], {
    input: JSON.stringify(rows),
    encoding: 'utf8',
    maxBuffer: 1e8,
  });
  expect(JSON.parse(answer)).toEqual(rows.map(({ expected }) => [expected, expected]));
});

test('the message of a mapped task names the instance, as Airflow shows it', () => {
  const shared = tasks(['extract', 'upload']).map((task) => ({
    ...task,
    ...(task.step === 'extract' ? { pods: 4 } : {}),
  }));
  const [one, several] = [definition(), definition({ tasks: shared })].map((dag) =>
    layout(message('${task} failed', dag, 'plain'), 0, 0),
  );
  expect(one).toBe('"{{ ti.task_id }} failed"');
  const script = `
import json, sys
from jinja2.sandbox import SandboxedEnvironment
template = SandboxedEnvironment().from_string(eval(sys.stdin.read()))
told = [("extract", 0), ("extract", 3), ("upload", -1), ("upload", None)]
json.dump([template.render(ti={"task_id": task, "map_index": index}) for task, index in told], sys.stdout)
`;
  const answer = execFileSync(program('airflow-3.3', 'python'), ['-c', script], {
    input: several ?? '',
    encoding: 'utf8',
  });
  expect(JSON.parse(answer)).toEqual([
    'extract [0] failed',
    'extract [3] failed',
    'upload failed',
    'upload failed',
  ]);
});

describe('the language', () => {
  test('takes alerts in the defaults, and a pipeline’s own in their place', () => {
    const defaults = ' alerts: { on_failure: [{ slack: { connection: s, channel: c } }] } ';
    const own = 'alerts: { on_failure: [], on_retry: [{ notifier: a.B }] }';
    const [dag] = build({ defaults }).dags;
    expect(dag?.alerts?.on_failure).toEqual([{ slack: { connection: 's', channel: 'c' } }]);
    const [other] = build({ defaults, pipeline: own }).dags;
    expect(other?.alerts).toEqual({ on_failure: [], on_retry: [{ notifier: 'a.B' }], on_success: [] });
    // Who is told changes the DAG, but nothing of what its tasks do.
    expect(other?.definition).not.toBe(dag?.definition);
    expect(other?.tasks).toEqual(dag?.tasks);
  });

  test.each([
    [
      '{ slack: { connection: s, channel: c }, notifier: a.B }',
      'entry 1: needs exactly one of slack, email and notifier',
    ],
    ['{}', 'entry 1: needs exactly one of slack, email and notifier'],
    ['{ email: { to: [nobody] } }', 'entry 1: Invalid email address'],
    ['{ email: { to: [] } }', '"to" must not be empty'],
    [
      '{ notifier: B }',
      '"notifier" must be the import path of a class, such as airflow.providers.apprise.notifications.apprise.AppriseNotifier',
    ],
    [
      '{ notifier: a.class.B }',
      '"notifier" must be the import path of a class, such as airflow.providers.apprise.notifications.apprise.AppriseNotifier',
    ],
    [
      '{ slack: { connection: "a b", channel: c } }',
      '"connection" must be a connection id of Airflow: letters, digits and _ . -',
    ],
    [
      '{ slack: { connection: s, channel: c, text: "${nobody}" } }',
      '"text" holds ${nobody}, which stands for nothing here: an alert knows ${pipeline}, ${environment}, ${owner}, ${task}, ${partition}, ${try}, ${log}, ${reason}',
    ],
    [
      '{ slack: { connection: s, channel: c }, arguments: { a: 1 } }',
      '"arguments" must not be there without a notifier',
    ],
    ['{ notifier: a.B, arguments: { from: 1 } }', 'the name "from" must be a name of Python'],
    ['{ notifer: a.B }', 'unknown key "notifer"'],
  ])('says what is wrong with %s', (entry, expected) => {
    const pipeline = `alerts: { on_failure: [${entry}] }`;
    expect(findings({ pipeline })).toContain(expected);
  });

  test.each([
    ['on_deadline: { after: 2h, tell: [] }', '"tell" must not be empty'],
    ['on_deadline: { tell: [{ notifier: a.B }] }', '"on_deadline" has no "after"'],
    [
      'on_deadline: { after: 2h, tell: [{ slack: { connection: s, channel: c, text: "${task} is late" } }] }',
      '"text" holds ${task}, which an alert on_deadline does not know',
    ],
    [
      'on_success: [{ email: { to: [a@example.com], subject: "${reason}" } }]',
      '"subject" holds ${reason}, which an alert on_success does not know',
    ],
    ['on_start: [{ notifier: a.B }]', 'unknown key "on_start"'],
  ])('says what is wrong with %s', (entry, expected) => {
    expect(findings({ pipeline: `alerts: { ${entry} }` })).toContain(expected);
  });

  test('warns where the Airflow has no deadlines, writes none there and asks for none of its connections', () => {
    const pipeline =
      'alerts: { on_deadline: { after: 2h, tell: [{ slack: { connection: late, channel: c } }] } }';
    const { findings: found, files } = build({ pipeline });
    expect(found).toMatchObject([
      {
        severity: 'warning',
        message: 'Airflow 2.11 has no deadlines: in "old" nobody is told of a late run',
      },
    ]);
    const text = (folder: string) =>
      files
        .filter(({ path }) => path.startsWith(folder) && !path.endsWith('.json'))
        .map(({ content }) => content)
        .join('');
    expect(text('old/')).not.toMatch(/Deadline|SlackNotifier|late run|triggerer/);
    expect(text('new/')).toContain('deadline=ON_DEADLINE,');
    expect(text('new/')).toContain('airflow connections add late --conn-type slack');
    expect(text('new/')).toContain('`airflow triggerer`');
  });

  test('every text of a deadline arrives too, its partition as far as Airflow says it', () => {
    const dag = definition({ owner: 'a{{b' });
    const text = '{{ x }} ${pipeline} ${owner} ${partition} ${environment}\n';
    const runs = [
      { conf: { partition: '2026-01-30' }, partition_key: '2026-01-31', dag_run_id: 'manual__1' },
      { conf: {}, partition_key: '2026-01-31', dag_run_id: 'scheduled__1' },
      { conf: null, partition_key: null, dag_run_id: 'manual__<1>' },
    ];
    const script = `
import json, sys
from jinja2 import StrictUndefined
from jinja2.sandbox import SandboxedEnvironment
plain, html, runs = json.load(sys.stdin)
environment = SandboxedEnvironment(cache_size=0, undefined=StrictUndefined)
render = lambda source, run: environment.from_string(eval(source)).render(dag_run=run)
json.dump([[render(plain, run), render(html, run)] for run in runs], sys.stdout)
`;
    const printed = (form: 'plain' | 'html') => layout(message(text, dag, form, 'on_deadline'), 0, 0);
    const answer = execFileSync(program('airflow-3.3', 'python'), ['-c', script], {
      input: JSON.stringify([printed('plain'), printed('html'), runs]),
      encoding: 'utf8',
    });
    const expected = (partition: string) => `{{ x }} flights a{{b ${partition} production`;
    expect(JSON.parse(answer)).toEqual([
      [`${expected('2026-01-30')}\n`, `${expected('2026-01-30')}<br>\n`],
      [`${expected('2026-01-31')}\n`, `${expected('2026-01-31')}<br>\n`],
      [`${expected('manual__<1>')}\n`, `${expected('manual__&lt;1&gt;')}<br>\n`],
    ]);
  });
});
