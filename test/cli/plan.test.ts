import { describe, expect, it } from 'vitest';
import { planRun, type RunOptions, type RunReceipts } from '../../src/cli/run/plan.ts';
import { NO_ROWS, type Receipt } from '../../src/runtime/receipt.ts';
import { type Job, job as jobSchema } from '../../src/spec/job.ts';
import type { Step } from '../../src/spec/steps.ts';

const NOW = new Date('2026-02-01T12:00:00Z');
const EARLIER = '2026-02-01T11:50:00.000Z';
const LONG_AGO = '2026-02-01T08:00:00.000Z';

const job: Job = jobSchema.parse({
  version: 1,
  pipeline: 'flights',
  environment: 'local',
  timezone: 'UTC',
  steps: ['extract', 'upload', 'load'],
  variables: {},
  store: { kind: 'files', root: 'lake' },
  warehouse: { kind: 'duckdb', path: 'x.duckdb', schema: 'raw' },
  contract: {},
  checks: [],
});

function run(
  id: string,
  statuses: Partial<Record<Step, Receipt['status']>>,
  changes: Partial<Receipt> = {},
): RunReceipts {
  return new Map(
    Object.entries(statuses).map(([step, status]) => [
      step as Step,
      {
        version: 1,
        pipeline: 'flights',
        partition: '2026-01-31',
        step: step as Step,
        status,
        run: id,
        run_id: id,
        generation: 0,
        job: 'hash',
        try_number: 1,
        started_at: EARLIER,
        message: '',
        requests: 0,
        rows: { ...NO_ROWS },
        ...(status === 'failed' ? { exit: 75 } : {}),
        ...changes,
      },
    ]),
  );
}

const plan = (runs: RunReceipts[], options: RunOptions = {}) =>
  planRun(job, 'hash', runs, options, NOW, 'new');
const fresh = { runId: 'cli__new', steps: ['extract', 'upload', 'load'], kept: [] };

describe('which run the command line works on', () => {
  it('begins a new one where there is none, or the last one is finished', () => {
    expect(plan([])).toMatchObject(fresh);
    expect(plan([run('cli__a', { extract: 'done', upload: 'done', load: 'done' })])).toMatchObject(fresh);
    expect(plan([run('cli__a', { extract: 'skipped', upload: 'skipped', load: 'skipped' })])).toMatchObject(
      fresh,
    );
  });

  it.each(['failed', 'running'] as const)('continues one whose last step is "%s"', (status) => {
    expect(plan([run('cli__a', { extract: 'done', upload: status })])).toMatchObject({
      runId: 'cli__a',
      steps: ['upload', 'load'],
      kept: [{ step: 'extract' }],
    });
  });

  it('begins a new one when asked to', () => {
    expect(plan([run('cli__a', { extract: 'done', upload: 'failed' })], { fresh: true })).toMatchObject(
      fresh,
    );
  });

  it('begins a new one when the data was bad, the pipeline has changed or what was extracted is old', () => {
    expect(plan([run('cli__a', { extract: 'done', upload: 'failed' }, { exit: 65 })])).toMatchObject(fresh);
    expect(plan([run('cli__a', { extract: 'done', upload: 'failed' }, { job: 'other' })])).toMatchObject(
      fresh,
    );
    expect(
      plan([run('cli__a', { extract: 'done', upload: 'failed' }, { started_at: LONG_AGO })]),
    ).toMatchObject(fresh);
  });

  it('leaves unfinished runs to Airflow when they are Airflow’s', () => {
    expect(plan([run('scheduled__a', { extract: 'done', upload: 'failed' })])).toMatchObject(fresh);
  });

  it('repeats a part on the latest run that has what it needs, whoever ran it', () => {
    const old = run('cli__old', { extract: 'done', upload: 'done', load: 'done' }, { started_at: LONG_AGO });
    const airflow = run('scheduled__a', { extract: 'done', upload: 'done', load: 'done' });
    const broken = run('cli__broken', { extract: 'failed' });
    expect(plan([old, airflow, broken], { from: 'upload' })).toMatchObject({
      runId: 'scheduled__a',
      steps: ['upload', 'load'],
      replay: true,
    });
    expect(plan([old, airflow, broken], { only: 'upload' })).toMatchObject({ steps: ['upload'] });
    expect(plan([old, airflow, broken], { from: 'extract' })).toMatchObject({ ...fresh, replay: false });
  });

  it('checks the latest run that loaded, not one that had nothing to load', () => {
    const checking: Job = { ...job, steps: ['extract', 'upload', 'load', 'check'] };
    const all = { extract: 'done', upload: 'done', load: 'done', check: 'failed' } as const;
    const loaded = run('cli__loaded', all, { started_at: LONG_AGO });
    const idle = run('cli__idle', { extract: 'done', upload: 'skipped', load: 'skipped', check: 'skipped' });
    const refused = run('cli__refused', { extract: 'done', upload: 'done', load: 'failed' });
    const planned = planRun(checking, 'hash', [loaded, idle, refused], { only: 'check' }, NOW, 'new');
    expect(planned).toMatchObject({ runId: 'cli__loaded', steps: ['check'], replay: true });
    expect(planRun(checking, 'hash', [idle], { only: 'check' }, NOW, 'new')).toMatchObject({
      runId: 'cli__idle',
    });
    expect(planRun(checking, 'hash', [refused], { only: 'check' }, NOW, 'new')).toMatch(/finished load/);
  });

  it('says what is missing', () => {
    expect(plan([], { from: 'load' })).toMatch(/no run of this partition has finished upload/);
    expect(plan([], { only: 'dbt' })).toMatch(/has no step dbt: it has extract, upload, load/);
  });
});
