import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFilesStore } from '../../../src/runtime/adapters/files/files-store.ts';
import type { StepContext, StepFunction } from '../../../src/runtime/context.ts';
import { badData, temporary } from '../../../src/runtime/errors.ts';
import { readIdentity } from '../../../src/runtime/identity.ts';
import type { Receipt } from '../../../src/runtime/receipt.ts';
import { readReceipt } from '../../../src/runtime/receipts.ts';
import { createRedactor } from '../../../src/runtime/redact.ts';
import { runStep } from '../../../src/runtime/run-step.ts';
import { type Job, job as jobSchema } from '../../../src/spec/job.ts';
import type { Step } from '../../../src/spec/steps.ts';

const DAY = '2026-01-31';
const NEXT = '2026-02-01';

const job: Job = jobSchema.parse({
  version: 1,
  pipeline: 'flights',
  environment: 'local',
  timezone: 'UTC',
  steps: ['extract', 'upload'],
  variables: {},
  store: { kind: 'files', root: 'lake' },
  warehouse: { kind: 'duckdb', path: 'x.duckdb', schema: 'raw' },
  contract: {},
  checks: [],
});

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pipegen-test-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

function context(changes: { jobHash?: string; maxTries?: number; partitions?: string } = {}): StepContext {
  return {
    job,
    jobHash: changes.jobHash ?? 'aaaa',
    identity: readIdentity({
      PIPEGEN_PARTITIONS: changes.partitions ?? DAY,
      PIPEGEN_DAG_ID: 'flights',
      PIPEGEN_TASK_ID: 'any',
      PIPEGEN_RUN_ID: 'run',
      PIPEGEN_MAX_TRIES: String(changes.maxTries ?? ''),
    }),
    store: createFilesStore(folder),
    log: pino({ level: 'silent' }),
    signal: new AbortController().signal,
    home: folder,
    scratch: folder,
    force: false,
    environment: {},
    secret: () => 'secret-value',
    redact: createRedactor(['secret-value']),
  };
}

const receipt = async (step: Step, partition = DAY): Promise<Receipt | undefined> => {
  const { store, identity } = context();
  return readReceipt(store, 'flights', partition, identity.run, step);
};

const finishAll: StepFunction = async (_, work, { finish }) => {
  for (const { partition } of work) {
    await finish(partition, {
      status: 'done',
      message: 'read secret-value',
      requests: 2,
      rows: { received: 5 },
    });
  }
};

const fail =
  (error: Error): StepFunction =>
  async (_, [work], { spent }) => {
    spent(work?.partition ?? '', 3);
    throw error;
  };

describe('the protocol of receipts', () => {
  it('says "running" before the work and "done" after it, without secrets', async () => {
    let during: Receipt | undefined;
    await runStep(
      context(),
      'extract',
      async (one, work, report) => {
        during = await receipt('extract');
        await finishAll(one, work, report);
      },
      false,
    );
    expect(during?.status).toBe('running');
    expect(await receipt('extract')).toMatchObject({
      status: 'done',
      message: 'read ***',
      requests: 2,
      rows: { received: 5, loaded: 0 },
      job: 'aaaa',
    });
  });

  it('lets no step begin on one that has not finished, whatever Airflow believes', async () => {
    await expect(runStep(context(), 'upload', finishAll, false)).rejects.toMatchObject({ exit: 78 });
    await expect(runStep(context(), 'extract', fail(temporary('away')), false)).rejects.toThrow('away');
    await expect(runStep(context(), 'upload', finishAll, false)).rejects.toThrow(/its receipt says "failed"/);
    expect(await receipt('upload')).toBeUndefined();
  });

  it('hides an older success as soon as the step begins again', async () => {
    await runStep(context(), 'extract', finishAll, false);
    await expect(runStep(context(), 'extract', fail(temporary('away')), false)).rejects.toThrow('away');
    await expect(runStep(context(), 'upload', finishAll, false)).rejects.toThrow(/did not finish/);
  });

  it('refuses a step of another job, unless it is replayed on purpose', async () => {
    await runStep(context(), 'extract', finishAll, false);
    const changed = context({ jobHash: 'bbbb' });
    await expect(runStep(changed, 'upload', finishAll, false)).rejects.toThrow(
      /the pipeline changed between extract/,
    );
    await expect(runStep(changed, 'upload', finishAll, true)).resolves.toMatchObject({ nothing: false });
  });

  it('adds up the requests of all tries, so that a budget is one', async () => {
    await expect(runStep(context(), 'extract', fail(temporary('away')), false)).rejects.toThrow();
    let used: number | undefined;
    await runStep(
      context(),
      'extract',
      async (one, work, report) => {
        used = work[0]?.requestsUsed;
        await finishAll(one, work, report);
      },
      false,
    );
    expect(used).toBe(3);
    expect((await receipt('extract'))?.requests).toBe(5);
  });

  it('writes the count of requests down while the step works, for the case that it is killed', async () => {
    let seen: number | undefined;
    const killed: StepFunction = async (_, [work], { spent }) => {
      const partition = work?.partition ?? '';
      spent(partition, 1);
      await setTimeout(1_100);
      spent(partition, 2);
      await expect.poll(async () => (await receipt('extract'))?.requests).toBe(2);
      seen = (await receipt('extract'))?.requests;
      throw temporary('away');
    };
    await expect(runStep(context(), 'extract', killed, false)).rejects.toThrow('away');
    expect(seen).toBe(2);
    expect((await receipt('extract'))?.requests).toBe(2);
  });

  it('does not burn a retry on what no retry mends, and tries again once a person has cleared the task', async () => {
    let runs = 0;
    const bad: StepFunction = async () => {
      runs += 1;
      throw badData('the key secret-value is wrong');
    };
    const first = runStep(context({ maxTries: 2 }), 'extract', bad, false);
    await expect(first).rejects.toMatchObject({ exit: 65 });
    const retry = runStep(context({ maxTries: 2 }), 'extract', bad, false);
    await expect(retry).rejects.toMatchObject({
      exit: 65,
      message: expect.stringContaining('the key *** is wrong'),
    });
    expect(runs).toBe(1);
    await expect(runStep(context({ maxTries: 5 }), 'extract', bad, false)).rejects.toThrow();
    expect(runs).toBe(2);
  });

  it('keeps what came through when a later partition fails', async () => {
    const partly: StepFunction = async (_, [first], { finish }) => {
      await finish(first?.partition ?? '', { status: 'done', message: 'ok' });
      throw temporary('away');
    };
    const two = context({ partitions: `${DAY},${NEXT}` });
    await expect(runStep(two, 'extract', partly, false)).rejects.toThrow('away');
    expect((await receipt('extract', DAY))?.status).toBe('done');
    expect(await receipt('extract', NEXT)).toMatchObject({ status: 'failed', exit: 75, message: 'away' });
  });

  it('keeps the details that a step had when it failed, of their partition alone', async () => {
    const judged: StepFunction = async (_, [first], { keep }) => {
      keep(first?.partition ?? '', { checks: ['first'] });
      keep(first?.partition ?? '', { checks: ['second'] });
      throw badData('too few rows');
    };
    const two = context({ partitions: `${DAY},${NEXT}` });
    await expect(runStep(two, 'extract', judged, false)).rejects.toThrow('too few rows');
    expect(await receipt('extract', DAY)).toMatchObject({
      status: 'failed',
      details: { checks: ['second'] },
    });
    expect(await receipt('extract', NEXT)).not.toHaveProperty('details');
  });

  it('passes over what was skipped before it, and says when nothing was left', async () => {
    const skipFirst: StepFunction = async (_, [first, second], { finish }) => {
      await finish(first?.partition ?? '', { status: 'skipped', message: 'empty' });
      if (second !== undefined) await finish(second.partition, { status: 'done', message: 'ok' });
    };
    const two = context({ partitions: `${DAY},${NEXT}` });
    expect(await runStep(two, 'extract', skipFirst, false)).toMatchObject({ nothing: false });
    let seen: string[] = [];
    const upload: StepFunction = async (one, work, report) => {
      seen = work.map(({ partition }) => partition);
      await finishAll(one, work, report);
    };
    await runStep(two, 'upload', upload, false);
    expect(seen).toEqual([NEXT]);
    expect(await runStep(context(), 'upload', upload, false)).toMatchObject({ nothing: true });
  });

  it('takes a step that says nothing for a defect', async () => {
    await expect(runStep(context(), 'extract', async () => undefined, false)).rejects.toThrow(
      /without a word/,
    );
    expect(await receipt('extract')).toMatchObject({ status: 'failed', exit: 70 });
  });
});
