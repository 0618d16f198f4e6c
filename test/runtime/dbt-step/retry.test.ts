import { expect, test } from 'vitest';
import type { StepContext } from '../../../src/runtime/context.ts';
import type { DbtDetails } from '../../../src/runtime/receipt.ts';
import { readReceipt } from '../../../src/runtime/receipts.ts';
import { runStep } from '../../../src/runtime/run-step.ts';
import { dbt } from '../../../src/runtime/steps/dbt.ts';
import { PARTITION, query } from '../upload/rig.ts';
import { events, open } from './project.ts';

// It ends as a lost connection would, until the file is another.
const BROKEN = `select error('Connection reset by peer') as days from {{ ref('days') }}`;
const MENDED = `select count(*) as days from {{ ref('days') }}`;
const BEHIND = `select days from {{ ref('counts') }}`;

const asTry = (context: StepContext, tryNumber: number, maxTries = 3): StepContext => ({
  ...context,
  identity: { ...context.identity, tryNumber, maxTries, generation: maxTries },
});

test('an automatic retry repeats only what failed and what was skipped for it; a cleared task builds all', async () => {
  using rig = open({ 'models/counts.sql': BROKEN, 'models/behind.sql': BEHIND });
  const attempt = (tryNumber: number, maxTries?: number) =>
    runStep(asTry(rig.context, tryNumber, maxTries), 'dbt', dbt, false);
  const receipt = async () => {
    const { identity, store } = rig.context;
    const found = await readReceipt(store, 'flights', PARTITION, identity.run, 'dbt');
    return { status: found?.status, exit: found?.exit, details: found?.details as DbtDetails };
  };
  const started = async () => (await query(rig.database, 'SELECT run FROM analytics.days'))[0]?.run;

  await expect(attempt(1)).rejects.toMatchObject({ exit: 75 });
  const failed = await receipt();
  expect(failed).toMatchObject({ status: 'failed', exit: 75 });
  expect(failed.details).toMatchObject({ passed: 2, failed: 1, skipped: 1 });
  expect(failed.details.nodes.find(({ status }) => status === 'error')).toMatchObject({
    unique_id: 'model.demo.counts',
    message: expect.stringContaining('Connection reset'),
  });

  // What a second build of it would make of it.
  rig.write('models/days.sql', `select '2026-01-31' as day, 'again' as run`);
  rig.write('models/counts.sql', MENDED);
  const { receipts } = await attempt(2);
  expect(await started()).toBe('manual__1');
  const details = receipts[0]?.details as DbtDetails;
  expect(details).toMatchObject({ passed: 4, failed: 0, skipped: 0 });
  expect(details.nodes.map(({ unique_id }) => unique_id.split('.').slice(0, 3).join('.')).sort()).toEqual([
    'model.demo.behind',
    'model.demo.counts',
    'model.demo.days',
    'test.demo.not_null_days_day',
  ]);
  expect(details.nodes.every(({ seconds }) => seconds >= 0)).toBe(true);
  expect(details.artefacts).toEqual(failed.details.artefacts);
  const timings = events(rig.log, 'dbt_nodes').map(({ nodes }) => (nodes as unknown[]).length);
  expect(timings).toEqual([4, 4]);

  await attempt(3, 6);
  expect(await started()).toBe('again');
}, 400_000);

test('where the project no longer has what failed, a retry builds all of it', async () => {
  using rig = open({ 'models/counts.sql': BROKEN });
  await expect(runStep(asTry(rig.context, 1), 'dbt', dbt, false)).rejects.toMatchObject({ exit: 75 });
  rig.write('models/counts.sql', `{{ config(enabled=false) }} ${MENDED}`);
  rig.write('models/others.sql', MENDED);
  const { receipts } = await runStep(asTry(rig.context, 2), 'dbt', dbt, false);
  const details = receipts[0]?.details as DbtDetails;
  expect(details.nodes.map(({ unique_id }) => unique_id.split('.')[2]).sort()).toEqual([
    'days',
    'not_null_days_day',
    'others',
  ]);
}, 400_000);
