import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { PreviewResult } from '../../src/cli/preview/preview.ts';
import { startStandIn } from '../../src/stand-in/server.ts';
import { createProject } from '../run/project.ts';

const DAY = '2026-02-10';
const standIn = () => startStandIn({ today: '2026-02-15', flightsPerAirlineAndDay: 30 });

test('shows the rows of one page of one slice, and leaves nothing behind', async () => {
  const api = await standIn();
  try {
    await using project = createProject({ dbt: false });
    const before = readdirSync(project.folder);
    const args = ['preview', 'flights', '--partition', DAY, '--slice', 'LH', '--limit', '3'];
    const { exit, stdout, stderr } = await project.pipegen([...args, '--json'], api);
    expect(stderr).toBe('');
    expect(exit).toBe(0);
    const result = JSON.parse(stdout) as PreviewResult;
    expect(result).toMatchObject({ pipeline: 'flights', environment: 'local', partition: DAY, requests: 1 });
    expect(result.rows).toHaveLength(3);
    expect(result.rows[0]).toMatchObject({ flight_date: DAY, flight: expect.stringMatching(/^LH/) });
    const { received, published, quarantined, duplicates, filtered } = result.counts;
    expect(received).toBeGreaterThan(20);
    expect(received).toBe(published + quarantined + duplicates + filtered);
    expect(result.columns).toContainEqual({ name: 'departure_delay_minutes', type: 'integer' });
    expect(result.unread?.map(({ field }) => field)).toContain('aircraft.icao');
    expect(result.unread?.map(({ field }) => field)).not.toContain('departure.airport');
    expect(readdirSync(project.folder)).toEqual(before);
    expect(existsSync(join(project.folder, '.pipegen'))).toBe(false);

    const pretty = await project.pipegen(args, api);
    expect(pretty.stdout).toMatch(/^column +row 1 +row 2/m);
    expect(pretty.stdout).toMatch(/^departure_delay_minutes integer /m);
    expect(Math.max(...pretty.stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(120);
    expect(pretty.stdout).toContain('fields that no column reads');
    expect(pretty.stdout).toContain('1 request made; the API counts it like any other');
    expect(pretty.stdout).toContain('Nothing was written to the store or the warehouse.');
    expect(`${stdout}${pretty.stdout}`).not.toContain(api.key);
    expect(api.requests).toHaveLength(2);
  } finally {
    await api.close();
  }
});

test('shows a file without a request, with what is set aside and why', async () => {
  await using project = createProject({ dbt: false });
  const flight = {
    flight_date: DAY,
    flight: { iata: 'LH1' },
    airline: { name: 'Lufthansa' },
    extra: { deep: 1 },
  };
  const records = [
    flight,
    { ...flight, departure: { delay: 'late' } },
    { ...flight, flight_date: '2026-02-11' },
  ];
  writeFileSync(join(project.folder, 'sample.json'), JSON.stringify(records));
  const args = ['preview', 'flights', '--partition', DAY, '--from', 'sample.json'];
  const { exit, stdout, stderr } = await project.pipegen([...args, '--json']);
  expect(stderr).toBe('');
  expect(exit).toBe(0);
  const result = JSON.parse(stdout) as PreviewResult;
  expect(result.requests).toBe(0);
  expect(result.counts).toMatchObject({ received: 3, published: 1, quarantined: 2 });
  expect(result.quarantined).toEqual([
    { reason: 'wrong_type', column: 'departure_delay_minutes', value: 'late', position: 2 },
    { reason: 'outside_partition', column: 'flight_date', value: '2026-02-11', position: 3 },
  ]);
  expect(result.unread).toContainEqual({ field: 'extra.deep', kinds: ['number'], records: 3 });
  const { stdout: shown } = await project.pipegen(args);
  expect(shown).toMatch(/^ *2 +wrong_type +departure_delay_minutes +late$/m);
  expect(shown).toContain('read from sample.json; nobody was asked');
});

test.each([
  [['nothing'], 2, 'there is no pipeline "nothing"'],
  [['flights', '--slice', 'XX', '--partition', DAY], 2, 'there is no slice "XX": it is one of'],
  [['flights', '--limit', '0'], 2, 'a number from 1 to 99999'],
  [['flights', '--from', 'none.json'], 2, 'none.json'],
  [['scorecard'], 2, 'so there is nothing to preview'],
])('pipegen preview %j ends with %i and says why', async (args, exit, message) => {
  await using project = createProject({
    dbt: true,
    change: (spec) => {
      spec.pipelines.scorecard ??= { dbt: { project: 'dbt', select: ['tag:flights'] } };
      delete spec.pipelines.scorecard.extract;
    },
  });
  const ended = await project.pipegen(['preview', ...args]);
  expect(ended.stderr).toContain(message);
  expect(ended.exit).toBe(exit);
});

test('an API that refuses ends with 1 and its reason, without the key', async () => {
  const api = await standIn();
  try {
    await using project = createProject({
      dbt: false,
      change: (spec) => {
        spec.sources.aviationstack.auth.name = 'wrong';
      },
    });
    const { exit, stderr } = await project.pipegen(['preview', 'flights', '--partition', DAY], api);
    expect(exit).toBe(1);
    expect(stderr).toContain('missing_access_key');
    expect(stderr).not.toContain(api.key);
  } finally {
    await api.close();
  }
});
