import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compile } from '../../../src/compiler/compile.ts';
import { AIRFLOW_VERSIONS } from '../../../src/spec/environment.ts';
import { EXIT } from '../../../src/spec/exit-codes.ts';
import { MODULES } from '../../scheduler/environment.ts';
import { Scheduler } from '../../scheduler/scheduler.ts';
import { connections } from './connections.ts';
import { mailbox } from './mailbox.ts';
import { slack } from './slack.ts';

const SPEC = new URL('runs.yaml', import.meta.url);
const HERE = fileURLToPath(new URL('.', import.meta.url));

interface Note {
  readonly event: string;
  readonly task: string | null;
  readonly words: string;
}

/** What is told of runs, by a real scheduler, dag processor and, for deadlines, triggerer. */
describe.each(AIRFLOW_VERSIONS)('Airflow %s', (version) => {
  const environment = `airflow_${version.replace('.', '_')}`;
  const folder = mkdtempSync(join(tmpdir(), 'pipegen-alerts-'));
  const servers: Server[] = [];
  let airflow: Scheduler;
  let posts: Record<string, unknown>[];
  let mails: string[];

  const notes = () => {
    const file = join(folder, 'alerts');
    if (!existsSync(file)) return [];
    return readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Note);
  };
  const hold = (dag: string) => writeFileSync(join(folder, dag), '');
  const postsOf = (dag: string) => posts.filter(({ text }) => String(text).includes(`: ${dag} (`));
  const toldOf = async (dag: string) => {
    await airflow.until(`an alert of ${dag}`, () => postsOf(dag).length > 0);
    const [post] = postsOf(dag);
    return String(post?.text);
  };

  beforeAll(async () => {
    const [mail, chat] = [await mailbox(), await slack()];
    servers.push(mail.server, chat.server);
    [mails, posts] = [mail.mails, chat.posts];
    const { files, findings } = compile({
      file: 'pipelines.yaml',
      bytes: readFileSync(SPEC),
      readText: () => undefined,
      environment,
    });
    expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    airflow = await Scheduler.start(version, files, {
      services: version === '2.11' ? [] : ['triggerer'],
      env: {
        ...connections(chat.port, mail.port),
        ALERTS: join(folder, 'alerts'),
        HELD: folder,
        HELD_STEP: join(HERE, 'held-step.sh'),
        PYTHONPATH: [MODULES, HERE].join(delimiter),
      },
    });
  });
  afterAll(async () => {
    await airflow?.stop();
    for (const server of servers) server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test('a run that takes longer than run_timeout is told of once, with the task that was at work', async () => {
    hold('slow');
    await airflow.airflow('dags', 'unpause', 'slow');
    const [call] = await airflow.callsWhen('slow', 1);
    const text = await toldOf('slow');
    expect(text).toContain(
      `Failed: slow (${call?.partitions}) in ${environment}, task dbt, try 1: the run took longer than 20 s`,
    );
    expect(text).toMatch(/\nLog: http\S+(task_id=|tasks\/)dbt/);
    // Airflow ends the task because its run has failed; that is no second alert.
    const state = () =>
      airflow.query(`select pid, state from task_instance where dag_id = 'slow' and task_id = 'dbt'`)[0];
    expect(state()?.state).toBe('skipped');
    await airflow.until('the mail', () => mails.length > 0);
    await airflow.until('the end of the task', () => !isAlive(Number(state()?.pid)));
    expect(postsOf('slow')).toHaveLength(1);
    expect(mails.filter((mail) => mail.includes('Failed: slow'))).toHaveLength(1);
    expect(notes()).toEqual([{ event: 'on_failure', task: 'dbt', words: call?.run, options: {} }]);
  });

  test('a run whose task failed is told of by the task alone', async () => {
    airflow.exits('failing', [EXIT.configuration]);
    await airflow.airflow('dags', 'unpause', 'failing');
    await airflow.trigger('failing', 'failing', '2026-01-31');
    expect(await airflow.ended('failing', 'failing')).toBe('failed');
    expect(await toldOf('failing')).toContain('(2026-01-31)');
    // The dag processor runs the callbacks of DAGs in their order: after another run's, this one's is done.
    const later = await anotherTimeout();
    expect(later).toBeGreaterThan(0);
    expect(postsOf('failing')).toMatchObject([
      { text: expect.stringContaining('task dbt, try 1: the task failed\n') },
    ]);
  });

  // 2.11 has no deadlines.
  if (version === '2.11') return;

  test('a run that is late is told of, and goes on', async () => {
    hold('late');
    await airflow.airflow('dags', 'unpause', 'late');
    const [call] = await airflow.callsWhen('late', 1);
    expect(await toldOf('late')).toBe(
      `Late: late (${call?.partitions}) in ${environment} has not succeeded in time\nOwner: airflow`,
    );
    const mail = () => mails.find((one) => one.includes('To: late@example.com'));
    await airflow.until('the mail', () => mail() !== undefined);
    expect(mail()).toContain(`Subject: late: ${call?.partitions}`);
    const note = () => notes().filter(({ event }) => event === 'on_deadline');
    await airflow.until('the notifier', () => note().length > 0);
    expect(note()).toMatchObject([{ task: null, words: call?.run }]);
    rmSync(join(folder, 'late'));
    expect(await airflow.ended('late', call?.run ?? '')).toBe('success');
    // Its file is read again and again, and stays one version.
    expect(airflow.query(`select id from dag_version where dag_id = 'late'`)).toHaveLength(1);
  });

  /** Ends when a run of `slow` has timed out after all that was before it. */
  async function anotherTimeout(): Promise<number> {
    const before = postsOf('slow').length;
    await airflow.trigger('slow', 'another', '2026-01-30');
    await airflow.until('another timeout', () => postsOf('slow').length > before);
    return postsOf('slow').length - before;
  }
});

function isAlive(pid: number): boolean {
  return existsSync(`/proc/${pid}/stat`) && !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
}
