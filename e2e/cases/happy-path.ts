import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { MART, onSnowflake } from '../../test/run/tables.ts';
import type { Run } from '../airflow.ts';
import { askedOf, DAY, type Reference } from '../reference.ts';
import type { Environment } from '../rig.ts';

const STEPS = ['check', 'dbt', 'extract', 'load', 'upload'];
const done = (task: string) => ({ task, state: 'success', attempts: 1 });

/** From the trigger to the marts of both pipelines: what each part has afterwards, and what none of them may have. */
export function happyPath(environment: () => Environment): void {
  let reference: Reference;
  let flights: Run;
  let scorecard: Run;

  beforeAll(async () => {
    const { rig, airflow } = environment();
    reference = await rig.reference();
    rig.services.standIn.requests.length = 0;
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
    expect(reference.flights.length).toBeGreaterThan(100);
    expect(reference.mart.length).toBeGreaterThan(3);
    expect(await onSnowflake(sql, database, reference.query)).toEqual(reference.flights);
    expect(await onSnowflake(sql, database, MART)).toEqual(reference.mart);
  });

  it('asks the API for each page once', () => {
    expect(askedOf(environment().rig.services.standIn).toSorted()).toEqual(reference.asked.toSorted());
    expect(new Set(reference.asked).size).toBe(reference.asked.length);
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
}
