import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { DagDefinition } from '../../../src/compiler/dag.ts';
import { emit } from '../../../src/compiler/emit.ts';
import { type Alert, type AlertEvent, EVENTS } from '../../../src/spec/alerts.ts';
import { AIRFLOW_VERSIONS } from '../../../src/spec/environment.ts';
import { dagsTest } from '../../airflow/airflow.ts';
import { definition, tasks } from '../emit/definitions.ts';
import { connections } from './connections.ts';
import { mailbox } from './mailbox.ts';
import { slack } from './slack.ts';

const NOTE = fileURLToPath(new URL('note.py', import.meta.url));
/** What neither Python nor Jinja nor HTML may touch. */
const LITERAL = `{{ ds }} {% raw %} {# none #} {{{ '"' \\n & <b> 東京 {`;

const note = (event: AlertEvent): Alert => ({
  notifier: 'note.Note',
  arguments: { words: '{{ ti.task_id }}', event, nested: { empty: null, list: [1, 0.5, true, LITERAL] } },
});

interface Line {
  readonly event: string;
  readonly task: string;
  readonly words: string;
  readonly options: unknown;
}

/** Runs extract, load and check, of which `failing` ends with 75, against a real Slack API and mail server. */
async function run(version: DagDefinition['airflow'], failing: string, changes: Partial<DagDefinition>) {
  const folder = mkdtempSync(join(tmpdir(), 'pipegen-alerts-'));
  const [mail, chat] = [await mailbox(), await slack()];
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
    mail.server.close();
    chat.server.close();
  });
  copyFileSync(NOTE, join(folder, 'note.py'));
  writeFileSync(join(folder, 'step.sh'), '[ "$1" != "$FAILING" ] || exit 75\n');
  const dag = definition({
    airflow: version,
    environment: 'local',
    launcher: { kind: 'process', command: `bash ${join(folder, 'step.sh')}` },
    tasks: tasks(['extract', 'load', 'check']),
    owner: `team ${LITERAL}`,
    retries: 1,
    retryDelaySeconds: 1,
    lookback: 0,
    ...changes,
  });
  for (const { path, content } of emit([dag])) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  const alerts = join(folder, 'alerts');
  const ended = await dagsTest(version, join(folder, 'local/dags'), dag.dagId, {
    partition: '2026-01-31',
    env: {
      ALERTS: alerts,
      FAILING: failing,
      PYTHONPATH: folder,
      ...connections(chat.port, mail.port),
    },
  });
  const lines = existsSync(alerts) ? readFileSync(alerts, 'utf8').trim().split('\n') : [];
  return {
    ...ended,
    notes: lines.map((line) => JSON.parse(line) as Line),
    mails: mail.mails,
    posts: chat.posts,
  };
}

describe.each(AIRFLOW_VERSIONS)('Airflow %s', (version) => {
  test('tells of a failure once, of a retry apart from it, and what everyone wrote as they wrote it', async () => {
    const on_failure: Alert[] = [
      note('on_failure'),
      { slack: { connection: 'chat', channel: '#data' } },
      {
        slack: {
          connection: 'chat',
          channel: '#{{x',
          text: `\${partition} ${LITERAL}\${task} \${partition}\n\${try}{\${owner}\n`,
        },
      },
      { email: { connection: 'mail', to: ['data@example.com', 'on-call@example.com'] } },
    ];
    const { notes, mails, posts, output, exit } = await run(version, 'load', {
      alerts: { on_failure, on_retry: [note('on_retry')], on_success: [note('on_success')] },
    });
    expect(exit, output).not.toBe(0);
    const options = { nested: { empty: null, list: [1, 0.5, true, LITERAL] } };
    expect(notes, output).toEqual([
      { event: 'on_retry', task: 'load', words: 'load', options },
      { event: 'on_failure', task: 'load', words: 'load', options },
    ]);
    const log = /Log: (http\S+)/.exec(String(posts[0]?.text))?.[1] ?? '';
    expect(log).toContain('flights');
    expect(log).toContain('load');
    expect(posts, output).toMatchObject([
      {
        url: '/api/chat.postMessage',
        channel: '#data',
        text: `Failed: flights (2026-01-31) in local, task load, try 2: the task failed\nOwner: team ${LITERAL}\nLog: ${log}`,
      },
      { channel: '#{{x', text: `2026-01-31 ${LITERAL}load 2026-01-31\n2{team ${LITERAL}\n` },
    ]);
    expect(mails, output).toHaveLength(1);
    expect(mails[0]).toContain('To: data@example.com, on-call@example.com');
    expect(mails[0]).toContain('From: airflow@example.com');
    expect(mails[0]).toContain('Subject: Failed: flights (2026-01-31) in local');
    const html = Buffer.from(
      /\r\n\r\n([A-Za-z0-9+/=\r\n]{40,})\r\n/.exec(mails[0] ?? '')?.[1] ?? '',
      'base64',
    );
    const escaped = LITERAL.replace('&', '&amp;').replace('<b>', '&lt;b&gt;').replace('"', '&quot;');
    const url = log.replaceAll('&', '&amp;');
    expect(html.toString().trim()).toBe(
      `Failed: flights (2026-01-31) in local, task load, try 2: the task failed<br>\nOwner: team ${escaped}<br>\nLog: <a href="${url}">${url}</a>`,
    );
  });

  test('tells of a success once, when all is published', async () => {
    const { notes, exit, output } = await run(version, 'none', {
      alerts: {
        on_failure: [note('on_failure')],
        on_retry: [note('on_retry')],
        on_success: [note('on_success')],
      },
    });
    expect(exit, output).toBe(0);
    expect(notes.map(({ event, task }) => `${event} ${task}`)).toEqual(['on_success publish']);
    expect(EVENTS).toContain(notes[0]?.event);
  });
});
