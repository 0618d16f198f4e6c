import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { flightsQuery, MART, onDuckdb, onSnowflake } from '../../test/run/tables.ts';
import type { Run } from '../airflow.ts';
import type { Environment } from '../rig.ts';

const DAY = '2026-01-31';
const STEPS = ['check', 'dbt', 'extract', 'load', 'upload'];
const done = (task: string) => ({ task, state: 'success', attempts: 1 });

/** From the trigger to the marts of both pipelines: what each part has afterwards, and what none of them may have. */
export function happyPath(environment: () => Environment): void {
  let local: { query: string; flights: string[]; mart: string[]; requests: number };
  let flights: Run;
  let scorecard: Run;

  beforeAll(async () => {
    const { rig, airflow } = environment();
    const { project, services } = rig;
    const before = services.standIn.requests.length;
    await project.pipegen('run', 'flights', '--date', DAY, '--env', 'local', '--fresh');
    const query = await flightsQuery(project.query);
    local = {
      query,
      flights: await onDuckdb(project.query, query),
      mart: await onDuckdb(project.query, MART),
      requests: services.standIn.requests.length - before,
    };
    services.standIn.requests.length = 0;
    flights = await airflow.trigger('flights', 'happy', DAY);
    expect(await airflow.ended(flights), airflow.log(flights, 'extract')).toBe('success');
    scorecard = await airflow.started('partner_scorecard');
    expect(await airflow.ended(scorecard)).toBe('success');
  });

  it('ends every task at its first attempt, and starts the pipeline after it by the asset', () => {
    const { airflow } = environment();
    expect(airflow.tasks(flights)).toEqual([...STEPS, 'publish'].sort().map(done));
    expect(airflow.tasks(scorecard).map(({ state, attempts }) => [state, attempts])).toEqual(
      airflow.tasks(scorecard).map(() => ['success', 1]),
    );
    expect(airflow.tasks(scorecard).map(({ task }) => task)).toContain('dbt');
  });

  it('leaves in Snowflake what the local environment leaves in DuckDB', async () => {
    const { sql, database } = environment();
    expect(local.flights.length).toBeGreaterThan(100);
    expect(local.mart.length).toBeGreaterThan(3);
    expect(await onSnowflake(sql, database, local.query)).toEqual(local.flights);
    expect(await onSnowflake(sql, database, MART)).toEqual(local.mart);
  });

  it('asks the API for each page once', () => {
    const asked = environment().rig.services.standIn.requests.map(({ query }) => JSON.stringify(query));
    expect(asked).toHaveLength(local.requests);
    expect(new Set(asked).size).toBe(asked.length);
  });

  it('has run one pod for each step, and none is left', async () => {
    const { pods } = environment();
    for (const step of STEPS) {
      const [pod, ...more] = pods.seen(flights, step);
      expect(more, step).toEqual([]);
      expect(pod?.status.containerStatuses?.[0]?.state.terminated?.exitCode, step).toBe(0);
    }
    expect(await pods.now()).toEqual([]);
  });

  it('leaves a receipt of each step in the bucket', () => {
    const { rig, airflow } = environment();
    const prefix = `airflow-${airflow.version.replace('.', '-')}`;
    const runs = join(rig.services.objects, prefix, 'receipts/flights', DAY);
    const receipts = readdirSync(runs).flatMap((run) => readdirSync(join(runs, run)));
    expect(receipts.sort()).toEqual(STEPS.map((step) => `${step}.json`));
  });

  it('tells a secret to nobody: pods, events, logs, rendered fields', async () => {
    const { rig, airflow, pods } = environment();
    const { standIn, snowflakeKey } = rig.services;
    const body = snowflakeKey.split('\n')[1] ?? '';
    const forms = [standIn.key, body].flatMap((secret) => [secret, Buffer.from(secret).toString('base64')]);
    const events = await rig.cluster.kubectl([
      'get',
      'events',
      '--namespace',
      pods.namespace,
      '--output',
      'json',
    ]);
    const texts: [string, string | Buffer][] = [
      ['pods', pods.history.join('\n')],
      ['events', events],
      ...[...airflow.written()].map(({ path, bytes }): [string, Buffer] => [path, bytes]),
    ];
    expect(pods.history.length).toBeGreaterThan(STEPS.length);
    expect(pods.history.join('')).toContain('AVIATIONSTACK_ACCESS_KEY');
    expect(airflow.log(flights, 'extract')).toContain('"step":"extract"');
    const found = texts.filter(([, bytes]) => forms.some((form) => bytes.includes(form)));
    expect(found.map(([place]) => place)).toEqual([]);
  });
}
