import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { compile } from '../../src/compiler/compile.ts';
import type { AirflowVersion } from '../../src/spec/environment.ts';
import { EXIT } from '../../src/spec/exit-codes.ts';
import { lastClosedDay, shift } from '../../src/spec/partition.ts';
import { Scheduler, type StepCall } from './scheduler.ts';
import { SliceGroups } from './slice-groups.ts';

const SPECS = ['pipelines.yaml', 'dates.yaml', 'groups.yaml'];
const THEIRS = new URL('theirs.py', import.meta.url);

/** Pipelines whose schedules begin long ago: their zones, and the days of the first runs, `start_date` before all. */
const CLOCKS = {
  tokyo: { timezone: 'Asia/Tokyo', days: ['2025-06-01', '2025-06-02'] },
  new_york_spring: { timezone: 'America/New_York', days: ['2025-03-08', '2025-03-09', '2025-03-10'] },
  new_york_autumn: { timezone: 'America/New_York', days: ['2025-11-01', '2025-11-02', '2025-11-03'] },
} as const;

const partitionsOf = (calls: readonly StepCall[]) => calls.map(({ partitions }) => partitions).sort();

/**
 * What a scheduler makes of generated DAGs. One Airflow for all the tests of a version: a start costs more than they
 * do. Each uses days of its own, and they run in this order.
 */
export function schedulerTests(version: AirflowVersion): void {
  let airflow: Scheduler;
  let groups: SliceGroups;

  beforeAll(async () => {
    const environment = `airflow_${version.replace('.', '_')}`;
    const generated = SPECS.flatMap((file) => {
      const bytes = readFileSync(new URL(file, import.meta.url));
      const { files, findings } = compile({ file, bytes, readText: () => undefined, environment });
      expect(findings).toEqual([]);
      return files;
    });
    const theirs = { path: 'theirs.py', content: readFileSync(THEIRS, 'utf8') };
    groups = await SliceGroups.open();
    airflow = await Scheduler.start(version, [...generated, theirs], { env: groups.environment });
  });

  afterAll(async () => {
    await airflow?.stop();
    await groups?.[Symbol.asyncDispose]();
  });

  const unpause = async (...dags: string[]) => {
    for (const dag of dags) await airflow.airflow('dags', 'unpause', dag);
  };

  test('begins with the first day, in other time zones and on both nights that change the clocks', async () => {
    for (const dag of Object.keys(CLOCKS)) airflow.exits(dag, [EXIT.temporary]);
    await unpause(...Object.keys(CLOCKS));
    for (const [dag, { timezone, days }] of Object.entries(CLOCKS)) {
      const calls = await airflow.callsWhen(dag, days.length);
      for (const { run, partitions } of calls) {
        expect(partitions, `${dag} ${run}`).toBe(lastClosedDay(airflow.due(dag, run), timezone));
      }
      expect(partitionsOf(calls), dag).toEqual(days);
    }
  });

  test('begins with the first day that a schedule has where it leaves days out', async () => {
    airflow.exits('mondays', [EXIT.temporary]);
    await unpause('mondays');
    expect(partitionsOf(await airflow.callsWhen('mondays', 2))).toEqual(['2025-01-06', '2025-01-13']);
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
    // The alert doesn't wait for the run to be seen as failed; a temporary failure has had none.
    await airflow.until('the alert', () => airflow.told().length > 0);
    const told = airflow.told();
    expect(told).toMatchObject([{ event: 'failure', dag: 'flights', run: 'permanent', task: 'dbt' }]);
    const after = (told[0]?.time ?? 0) - (calls()[0]?.time ?? 0);
    console.log(`Airflow ${version} called the notifier ${after.toFixed(2)} s after the step had failed`);

    airflow.exits('flights', [EXIT.nothing], '2025-02-03');
    if (version === '2.11') await airflow.airflow('tasks', 'clear', 'flights', '--only-failed', '--yes');
    else await airflow.clear('flights', 'permanent');
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

  test('starts a pipeline after any of others, and after an asset of somebody else', async () => {
    await unpause('either', 'left', 'right', 'tariffs', 'theirs');
    await airflow.trigger('left', 'one', '2025-04-01');
    expect(partitionsOf(await airflow.callsWhen('either', 1))).toEqual(['2025-04-01']);
    await airflow.trigger('right', 'two', '2025-04-02');
    expect(partitionsOf(await airflow.callsWhen('either', 2))).toEqual(['2025-04-01', '2025-04-02']);

    const before = lastClosedDay(new Date(), 'UTC');
    await airflow.airflow('dags', 'trigger', 'theirs');
    const [call] = await airflow.callsWhen('tariffs', 1);
    // Midnight may have passed.
    expect([before, lastClosedDay(new Date(), 'UTC')]).toContain(call?.partitions);
    expect(call?.exit).toBe(EXIT.done);
  });

  test('retries one group of slices alone, and reads one that is cleared alone anew', () =>
    groups.retryAndClear(airflow));

  test('fails a group of slices for good at once, and goes on when it is mended and cleared', () =>
    groups.failForGood(airflow));

  test('loses no day of upstream runs that end while a run after them is at work, where it goes by dates', async () => {
    const days = ['2025-05-01', '2025-05-02', '2025-05-03'];
    airflow.exits('dated_after', [EXIT.temporary]);
    await unpause('dated_after', 'listens', 'dated');
    // What the schedule starts; the run after it waits for another try, and no other may start meanwhile.
    const [yesterday = ''] = partitionsOf(await airflow.callsWhen('dated', 1));
    const [waiting] = await airflow.callsWhen('dated_after', 1);
    expect(waiting).toMatchObject({ partitions: yesterday, exit: EXIT.temporary });
    for (const day of days) {
      await airflow.trigger('dated', day, day);
      expect(await airflow.ended('dated', day)).toBe('success');
    }
    expect(airflow.calls('dated_after')).toHaveLength(1);
    airflow.exits('dated_after', [EXIT.done]);
    await airflow.clear('dated_after', waiting?.run ?? '');

    // Airflow makes the next run for the first of the events that came meanwhile; the others wait for one more.
    const done = () => airflow.calls('dated_after').filter(({ exit }) => exit === EXIT.done);
    await airflow.until('the run after', () => done().length === 2);
    const later = '2025-05-04';
    await airflow.trigger('dated', later, later);
    await airflow.until('the run after all', () => done().length === 3);
    const [first = '', ...others] = days;
    expect(partitionsOf(done())).toEqual([first, [...others, later].join(','), yesterday]);
    const heard = () => airflow.calls('listens').flatMap(({ partitions }) => partitions.split(','));
    await airflow.until('what others hear', () => heard().includes(later));
    expect(heard().sort()).toEqual([...days, later, yesterday]);
  });
}
