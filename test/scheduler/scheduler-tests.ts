import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { compile } from '../../src/compiler/compile.ts';
import type { AirflowVersion } from '../../src/spec/environment.ts';
import { EXIT } from '../../src/spec/exit-codes.ts';
import { lastClosedDay, range, shift } from '../../src/spec/partition.ts';
import { Scheduler, type StepCall } from './scheduler.ts';

const SPEC = new URL('pipelines.yaml', import.meta.url);

/** Pipelines on schedules of other time zones, by how many runs each has, and the days that matter. */
const CLOCKS = {
  tokyo: { timezone: 'Asia/Tokyo', runs: 2, days: ['2025-06-01'] },
  new_york_spring: { timezone: 'America/New_York', runs: 3, days: ['2025-03-08', '2025-03-09'] },
  new_york_autumn: { timezone: 'America/New_York', runs: 3, days: ['2025-11-01', '2025-11-02'] },
} as const;

const partitionsOf = (calls: readonly StepCall[]) => calls.map(({ partitions }) => partitions).sort();

/**
 * What a scheduler makes of generated DAGs. One Airflow for all the tests of a version: a start costs more than they
 * do. Each uses days of its own, and they run in this order.
 */
export function schedulerTests(version: AirflowVersion): void {
  let airflow: Scheduler;

  beforeAll(async () => {
    const environment = `airflow_${version.replace('.', '_')}`;
    const { files, findings } = compile({
      file: 'pipelines.yaml',
      bytes: readFileSync(SPEC),
      readText: () => undefined,
      environment,
    });
    expect(findings).toEqual([]);
    airflow = await Scheduler.start(version, files);
  });

  afterAll(() => airflow?.stop());

  const unpause = async (...dags: string[]) => {
    for (const dag of dags) await airflow.airflow('dags', 'unpause', dag);
  };

  test('runs a schedule of another time zone and both nights that change the clocks', async () => {
    for (const dag of Object.keys(CLOCKS)) airflow.exits(dag, [EXIT.temporary]);
    await unpause(...Object.keys(CLOCKS));
    for (const [dag, { timezone, days, runs }] of Object.entries(CLOCKS)) {
      const calls = await airflow.callsWhen(dag, runs);
      for (const { run, partitions } of calls) {
        expect(partitions, `${dag} ${run}`).toBe(lastClosedDay(airflow.due(dag, run), timezone));
      }
      // No day is left out, none comes twice.
      const partitions = partitionsOf(calls);
      expect(partitions, dag).toEqual(range(partitions[0] ?? '', partitions.at(-1) ?? ''));
      expect(partitions, dag).toEqual(expect.arrayContaining([...days]));
    }
  });

  test('starts the pipeline after a scheduled one for the same day', async () => {
    // Days end at midnight, runs begin at six.
    const day = lastClosedDay(new Date(Date.now() - 6 * 3_600_000), 'UTC');
    // What is published reaches only DAGs that are not paused.
    await unpause('partners', 'flights');
    expect(partitionsOf(await airflow.callsWhen('partners', 1))).toEqual([day]);
    expect(partitionsOf(airflow.calls('flights'))).toEqual([day]);
  });

  test('takes the day that a run by hand names, and hands it on', async () => {
    await airflow.trigger('flights', 'named', '2025-02-01');
    expect(await airflow.ended('flights', 'named')).toBe('success');
    expect((await airflow.callsWhen('partners', 2)).at(-1)).toMatchObject({ partitions: '2025-02-01' });
  });

  test('takes the last closed day where a run by hand names none, and refuses after other pipelines', async () => {
    airflow.exits('flights', [EXIT.nothing]);
    const expected = lastClosedDay(new Date(), 'UTC');
    await airflow.trigger('flights', 'unnamed');
    await airflow.trigger('partners', 'unnamed');
    expect(await airflow.ended('flights', 'unnamed')).toBe('success');
    expect(await airflow.ended('partners', 'unnamed')).toBe('failed');
    const unnamed = (dag: string) => airflow.calls(dag).filter(({ run }) => run === 'unnamed');
    expect([expected, shift(expected, -1)]).toContain(unnamed('flights')[0]?.partitions);
    expect(unnamed('partners')).toMatchObject([{ partitions: '', exit: EXIT.configuration }]);
  });

  test('tries again after a temporary failure', async () => {
    airflow.exits('flights', [EXIT.temporary, EXIT.nothing], '2025-02-02');
    await airflow.trigger('flights', 'temporary', '2025-02-02');
    expect(await airflow.ended('flights', 'temporary')).toBe('success');
    expect(airflow.calls('flights').filter(({ run }) => run === 'temporary')).toMatchObject([
      { try: 1, maxTries: 1, exit: EXIT.temporary },
      { try: 2, maxTries: 1, exit: EXIT.nothing },
    ]);
  });

  test('tries a permanent failure once, and again when the cause is mended and the task cleared', async () => {
    const calls = () => airflow.calls('flights').filter(({ run }) => run === 'permanent');
    airflow.exits('flights', [EXIT.configuration], '2025-02-03');
    await airflow.trigger('flights', 'permanent', '2025-02-03');
    expect(await airflow.ended('flights', 'permanent')).toBe('failed');
    expect(calls()).toMatchObject([{ try: 1, maxTries: 1, exit: EXIT.configuration }]);

    airflow.exits('flights', [EXIT.nothing], '2025-02-03');
    if (version === '2.11') await airflow.airflow('tasks', 'clear', 'flights', '--only-failed', '--yes');
    else await airflow.airflow('dags', 'clear', 'flights', '--run-id', 'permanent', '--yes');
    await airflow.until('a second call', () => calls().length === 2);
    expect(await airflow.ended('flights', 'permanent')).toBe('success');
    expect(calls()[1]).toMatchObject({ try: 2, partitions: '2025-02-03', exit: EXIT.nothing });
    expect(calls()[1]?.maxTries).toBeGreaterThan(1);
  });

  test('works on each day of a backfill, and hands every one to a pipeline that starts later', async () => {
    const days = ['2025-03-01', '2025-03-02', '2025-03-03'];
    const [first = '', last = ''] = [days[0], `${days[2]}T23:59`];
    airflow.exits('flights', [EXIT.done]);
    await unpause('network');
    const dates = ['--from-date', first, '--to-date', last];
    if (version === '2.11') await airflow.airflow('dags', 'backfill', '-s', first, '-e', last, 'flights');
    else await airflow.airflow('backfill', 'create', '--dag-id', 'flights', ...dates);
    const backfilled = () =>
      airflow.query(
        `select run_id from task_instance where dag_id = 'flights' and task_id = 'publish' and state = 'success'
         and run_id like 'backfill__%'`,
      );
    await airflow.until('three backfilled days', () => backfilled().length === 3);
    expect(partitionsOf(airflow.calls('flights').filter(({ run }) => run.startsWith('backfill__')))).toEqual(
      days,
    );
    expect(airflow.calls('network')).toEqual([]);

    // The other upstream publishes the three days by one run.
    airflow.exits('delays', [EXIT.temporary]);
    airflow.exits('delays', [EXIT.done], days.join(','));
    await unpause('delays');
    const handled = () =>
      new Set(airflow.calls('network').flatMap(({ partitions }) => partitions.split(',')));
    await airflow.until('every day after both', () => days.every((day) => handled().has(day)));
    if (version === '2.11') {
      // One run for all that its upstreams have ever published.
      const published = ['flights', 'delays'].flatMap((dag) =>
        airflow.calls(dag).filter(({ exit }) => exit === EXIT.done),
      );
      const every = new Set(published.flatMap(({ partitions }) => partitions.split(',')));
      expect(partitionsOf(airflow.calls('network'))).toEqual([[...every].sort().join(',')]);
    } else {
      // One run for each day that both have published.
      expect(partitionsOf(airflow.calls('network'))).toEqual(days);
    }
  });
}
