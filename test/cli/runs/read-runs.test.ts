import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { receiptsOf } from '../../../src/cli/run/receipts-of.ts';
import { describeRun } from '../../../src/cli/runs/describe-run.ts';
import { readRuns } from '../../../src/cli/runs/read-runs.ts';
import { chain, list } from '../../../src/cli/runs/report.ts';
import { createFilesStore } from '../../../src/runtime/adapters/files/files-store.ts';
import { createGcsStore } from '../../../src/runtime/adapters/gcs/gcs-store.ts';
import { runHash } from '../../../src/runtime/identity.ts';
import type { ObjectStore } from '../../../src/runtime/ports/object-store.ts';
import { NO_ROWS, type Receipt } from '../../../src/runtime/receipt.ts';
import { writeReceipt } from '../../../src/runtime/receipts.ts';
import { STEPS, type Step } from '../../../src/spec/steps.ts';
import { folder } from '../../runtime/stores/contract.ts';
import { type Emulator, startEmulator } from '../../runtime/stores/emulator.ts';

let emulator: Emulator;

beforeAll(async () => {
  emulator = await startEmulator();
  await emulator.createBucket('bucket');
});

afterAll(() => emulator?.[Symbol.asyncDispose]());

const STORES: [string, () => ObjectStore][] = [
  ['files', () => createFilesStore(folder())],
  [
    'gcs',
    () =>
      createGcsStore(
        { bucket: 'bucket', prefix: randomBytes(6).toString('hex'), endpoint: emulator.url },
        new AbortController().signal,
      ),
  ],
];

type Left = Partial<Record<Step, Partial<Receipt>>>;

/** Receipts as a run leaves them, each a second after the one before. */
async function leave(store: ObjectStore, pipeline: string, partition: string, runId: string, steps: Left) {
  const run = runHash(pipeline, runId);
  for (const [index, [step, changes]] of Object.entries(steps).entries()) {
    const receipt: Receipt = {
      version: 1,
      ...{ pipeline, partition, run },
      step: step as Step,
      status: 'done',
      run_id: runId,
      generation: 0,
      job: 'job',
      try_number: 1,
      started_at: `2026-02-01T06:00:0${index}.000Z`,
      finished_at: `2026-02-01T06:00:0${index}.500Z`,
      exit: 0,
      message: `${step} went well`,
      requests: step === 'extract' ? 7 : 0,
      rows: { ...NO_ROWS },
      ...changes,
    };
    await writeReceipt(store, receipt);
  }
  return run;
}

const rows = (changes: Partial<Receipt['rows']>) => ({ rows: { ...NO_ROWS, ...changes } });

async function names(store: ObjectStore): Promise<string[]> {
  const found: string[] = [];
  for await (const { name, version } of store.list('')) found.push(`${name} ${version}`);
  return found;
}

describe.each(STORES)('runs of a %s store', (_, open) => {
  it('are listed the latest first, by filter and limit, and nothing is written', async () => {
    const store = open();
    await leave(store, 'flights', '2026-01-30', 'scheduled__1', { extract: {}, upload: {} });
    await leave(store, 'flights', '2026-01-31', 'scheduled__2', { extract: {} });
    await leave(store, 'tariffs', '2026-01-31', 'manual__1', { extract: {} });
    const before = await names(store);
    const list = async (filter: Parameters<typeof readRuns>[1]) => {
      const { runs, more } = await readRuns(store, filter);
      return [runs.map(({ pipeline, receipts }) => `${pipeline} ${receipts[0]?.run_id}`), more];
    };
    expect((await list({}))[0]).toHaveLength(3);
    expect((await list({ pipeline: 'flights' }))[0]).toHaveLength(2);
    expect(await list({ date: '2026-01-30' })).toEqual([['flights scheduled__1'], 0]);
    expect(await list({ pipeline: 'flights', date: '2026-01-31' })).toEqual([['flights scheduled__2'], 0]);
    expect(await list({ pipeline: 'flight' })).toEqual([[], 0]);
    expect((await list({ limit: 1 }))[1]).toBe(2);
    const hash = runHash('tariffs', 'manual__1');
    for (const id of ['manual__1', hash, hash.slice(0, 4)])
      expect(await list({ id })).toEqual([['tariffs manual__1'], 0]);
    expect(await list({ id: hash.slice(0, 3) })).toEqual([[], 0]);
    expect(await names(store)).toEqual(before);
  });

  it('tell how far each went, with its rows, seconds and requests', async () => {
    const store = open();
    await leave(store, 'flights', '2026-01-31', 'good', {
      extract: rows({ received: 10 }),
      upload: rows({ received: 10, published: 9, quarantined: 1 }),
      load: {
        ...rows({ received: 10, published: 9, quarantined: 1, loaded: 9 }),
        details: { load_id: 'abc' },
      },
      check: rows({ received: 10, published: 9, quarantined: 1, loaded: 9 }),
      dbt: { details: { nodes: [], artefacts: { run_results: 'artefacts/r' } } },
    });
    const running: Left = { extract: {}, upload: { status: 'running', finished_at: undefined } as never };
    await leave(store, 'flights', '2026-01-30', 'running', running);
    await leave(store, 'flights', '2026-01-29', 'half', { extract: {} });
    await leave(store, 'flights', '2026-01-28', 'failed', {
      extract: {},
      upload: { status: 'failed', exit: 65 },
    });
    await leave(store, 'flights', '2026-01-27', 'nothing', { extract: { status: 'skipped' } });
    const { runs } = await readRuns(store, {});
    const described = runs.map((run) => describeRun(run, STEPS));
    const status = Object.fromEntries(described.map((run) => [run.run_id, run.status]));
    const expected = {
      good: 'done',
      running: 'running',
      half: 'unfinished',
      failed: 'failed',
      nothing: 'skipped',
    };
    expect(status).toEqual(expected);
    expect(described.find(({ run_id }) => run_id === 'good')).toMatchObject({
      seconds: 2.5,
      requests: 7,
      started_at: '2026-02-01T06:00:00.000Z',
      rows: { received: 10, published: 9, quarantined: 1, loaded: 9 },
      steps: [
        { step: 'extract' },
        { step: 'upload' },
        { step: 'load', load_id: 'abc', seconds: 0.5 },
        { step: 'check' },
        { step: 'dbt', artefacts: { run_results: 'artefacts/r' } },
      ],
    });
  });

  it('tell of an extract in groups as of one, and of each group', async () => {
    const store = open();
    const group = (number: number, changes: Partial<Receipt> = {}): Left => ({
      extract: { group: { number, of: 3 }, ...rows({ received: number * 10 }), ...changes },
    });
    for (const number of [3, 1, 2]) await leave(store, 'flights', '2026-01-31', 'good', group(number));
    await leave(store, 'flights', '2026-01-31', 'good', {
      upload: { started_at: '2026-02-01T07:00:00.000Z' },
    });
    const told = { status: 'failed', exit: 75, message: 'the API is down' } as const;
    await leave(store, 'flights', '2026-01-30', 'one failed', group(1));
    await leave(store, 'flights', '2026-01-30', 'one failed', group(2, told));
    await leave(store, 'flights', '2026-01-29', 'one to come', group(2));
    const { runs } = await readRuns(store, {});
    const described = new Map(runs.map((run) => [run.receipts[0]?.run_id, describeRun(run, STEPS)]));
    expect(described.get('good')).toMatchObject({
      status: 'unfinished',
      requests: 21,
      rows: { received: 60 },
      steps: [{ step: 'extract', status: 'done' }, { step: 'upload' }],
    });
    expect(described.get('one failed')).toMatchObject({
      status: 'failed',
      steps: [{ status: 'failed', exit: 75, message: 'extract [1] (group 2 of 3): the API is down' }],
    });
    expect(described.get('one to come')).toMatchObject({ status: 'running', steps: [{ finished_at: null }] });
    const good = described.get('good');
    if (good === undefined) throw new Error('the run was not found');
    const lines = chain(good, undefined).map((line) => line.split(/ {2,}/).slice(0, 2).join('|'));
    expect(lines.filter((line) => /extract/.test(line)).slice(0, 4)).toEqual([
      'extract|done',
      '|extract 1/3',
      '|extract 2/3',
      '|extract 3/3',
    ]);
    expect(list([good], 0).at(-1)).toMatch(/ extract upload .* 60 /);

    const [merged] = await receiptsOf(store, 'flights', '2026-01-31');
    expect([...(merged ?? [])].map(([step, { status }]) => [step, status])).toEqual([
      ['extract', 'done'],
      ['upload', 'done'],
    ]);
    const [unfinished] = await receiptsOf(store, 'flights', '2026-01-29');
    expect(unfinished?.get('extract')?.status).toBe('running');
  });

  it('are shown beside receipts that are broken, which are named', async () => {
    const store = open();
    const run = await leave(store, 'flights', '2026-01-31', 'good', { extract: {}, upload: {} });
    await leave(store, 'flights', '2026-01-30', 'other', { extract: {} });
    const place = `receipts/flights/2026-01-31/${run}`;
    const other = JSON.stringify({
      version: 1,
      pipeline: 'flights',
      partition: '2026-01-01',
      run,
      step: 'load',
    });
    await store.overwrite(`${place}/upload.json`, Buffer.from('{"version": 1'));
    await store.overwrite(`${place}/load.json`, Buffer.from(other));
    await store.overwrite(`${place}/check.json`, Buffer.from('null'));
    const { runs, broken } = await readRuns(store, {});
    expect(broken).toEqual(['check', 'load', 'upload'].map((step) => `${place}/${step}.json`));
    expect(runs.map(({ receipts }) => receipts.map(({ step }) => step)).sort()).toEqual([
      ['extract'],
      ['extract'],
    ]);
  });
});
