import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { expect } from 'vitest';
import { createFilesStore } from '../../../src/runtime/adapters/files/files-store.ts';
import { EXIT } from '../../../src/spec/exit-codes.ts';
import type { Job } from '../../../src/spec/job.ts';
import type { Step } from '../../../src/spec/steps.ts';
import { randomFrom } from '../../../src/stand-in/data/random.ts';
import { json } from '../../runtime/http/api.ts';
import { type Mounted, type Served, serve } from '../api-server.ts';
import { jobOf } from '../rig.ts';
import { startStep } from '../step-process.ts';

export const SEED = 20_260_131;
const KILLS = 20;
export const PAGES = 12;
const SIZE = 500;
export const TOTAL = PAGES * SIZE;
/** How long the API thinks, in milliseconds, so that moments fall into requests as well as into writes. */
const THINKING = 10;

/** Names of objects that have the same bytes in every run; receipts and notes hold the time of day. */
const LASTING = /\.(json\.gz|parquet)$/;

/** How far into its work a step is killed, in percent: at one moment of each twentieth. */
export function moments(step: Step): number[] {
  const random = randomFrom(SEED, step);
  return Array.from({ length: KILLS }, (_, index) => Math.round(((index + random()) * 1000) / KILLS) / 10);
}

function page(offset: number): object {
  const data = Array.from({ length: Math.min(SIZE, TOTAL - offset) }, (_, index) => {
    const id = offset + index;
    return { id, name: `flight ${id}`, delay: id % 7 === 0 ? null : id % 90 };
  });
  return { total: TOTAL, data };
}

function jobFor(url: string): Job {
  return jobOf(url, {
    paginate: { kind: 'offset', page_size: SIZE, total: 'total' },
    columns: [
      { name: 'id', from: ['id'], type: 'integer', required: true },
      { name: 'name', from: ['name'], type: 'string' },
      { name: 'delay', from: ['delay'], type: 'integer' },
    ],
  });
}

export interface KillRig extends AsyncDisposable {
  readonly api: Mounted;
  readonly job: Job;
  /** A folder with what another one has. */
  newHome(from?: string): string;
  /** A step in a process of its own, to success; milliseconds that it worked. */
  run(step: Step, home: string): Promise<number>;
  /** A copy of the folder in which the step was killed, so many milliseconds into its work or earlier. */
  killed(step: Step, from: string, milliseconds: number): Promise<{ home: string; requests: number }>;
}

export async function openKillRig(): Promise<KillRig> {
  const server: Served = await serve();
  const api = server.mount(async ({ url }, response) => {
    await setTimeout(THINKING);
    json(response, page(Number(url.searchParams.get('offset'))));
  });
  const job = jobFor(api.url);
  const homes: string[] = [];
  const newHome = (from?: string) => {
    const home = mkdtempSync(join(tmpdir(), 'pipegen-kill-'));
    homes.push(home);
    if (from !== undefined) cpSync(from, home, { recursive: true });
    return home;
  };

  return {
    api,
    job,
    newHome,
    async run(step, home) {
      const { began, ended } = startStep(step, job, home);
      await Promise.race([began, ended]);
      const at = performance.now();
      const { exit, stdout, stderr } = await ended;
      expect(exit, stdout + stderr).toBe(EXIT.done);
      return performance.now() - at;
    },
    async killed(step, from, milliseconds) {
      // One that was faster than the one that was measured is over by then: earlier, from the beginning.
      for (let after = milliseconds; ; after *= 0.7) {
        const home = newHome(from);
        const before = api.requests;
        const { child, began, ended } = startStep(step, job, home);
        await Promise.race([began, ended]);
        await Promise.race([setTimeout(after), ended]);
        child.kill('SIGKILL');
        if ((await ended).exit === null) return { home, requests: api.requests - before };
      }
    },
    async [Symbol.asyncDispose]() {
      await server.close();
      for (const home of homes) rmSync(home, { recursive: true, force: true });
    },
  };
}

/** SHA-256 of every object by name; fails where one is not whole. */
export async function objects(home: string): Promise<Map<string, string>> {
  const store = createFilesStore(join(home, 'lake'));
  const found = new Map<string, string>();
  for await (const { name } of store.list('')) {
    const bytes = await store.read(name);
    if (bytes === undefined) throw new Error(`${name} was listed and is not there`);
    const sum = createHash('sha256').update(bytes).digest('hex');
    const number = /page-(\d+)\.json\.gz$/.exec(name)?.[1];
    if (number !== undefined) {
      expect(gunzipSync(bytes).toString(), name).toBe(JSON.stringify(page((Number(number) - 1) * SIZE)));
    } else if (name.endsWith('.parquet')) expect(name).toContain(sum);
    else JSON.parse(Buffer.from(bytes).toString());
    found.set(name, sum);
  }
  return found;
}

/** What must be the same in the end, however often a step was killed: landed pages and published files. */
export async function lasting(home: string): Promise<Map<string, string>> {
  return new Map([...(await objects(home))].filter(([name]) => LASTING.test(name)));
}
