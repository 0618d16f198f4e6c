import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import { createFilesStore } from '../../../src/runtime/adapters/files/files-store.ts';
import type { JobExtract } from '../../../src/runtime/adapters/http/url.ts';
import type { Outcome, StepContext } from '../../../src/runtime/context.ts';
import { runHash } from '../../../src/runtime/identity.ts';
import type { ObjectStore } from '../../../src/runtime/ports/object-store.ts';
import type { ExtractDetails } from '../../../src/runtime/receipt.ts';
import { createRedactor } from '../../../src/runtime/redact.ts';
import { createExtract } from '../../../src/runtime/steps/extract.ts';
import { job as jobSchema } from '../../../src/spec/job.ts';
import { createVirtualClock, type VirtualClock } from '../http/virtual-clock.ts';

export const DAY = '2026-01-31';

export interface Bench {
  root: string;
  store: ObjectStore;
  clock: VirtualClock;
  /** Lines of the log, not redacted by anybody but the step. */
  log: string[];
  events(): Record<string, unknown>[];
  run(options?: RunOptions): Promise<Result>;
}

export interface RunOptions {
  partitions?: string[];
  signal?: AbortSignal;
  generation?: number;
  requestsUsed?: number;
  extract?: JobExtract;
  store?: ObjectStore;
  timezone?: string;
}

export interface Result {
  outcomes: Map<string, Outcome & { details: ExtractDetails }>;
  /** As reported by `spent`, by partition. */
  spent: Map<string, number>;
  error: (Error & { exit?: number }) | undefined;
}

/** The extract step with a store of its own, as often as a test wants to run it. */
export function createBench(extract: JobExtract, key: string): Bench {
  const root = mkdtempSync(join(tmpdir(), 'pipegen-extract-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const store = createFilesStore(root);
  const clock = createVirtualClock();
  const log: string[] = [];
  const step = createExtract({ clock, random: () => 0.5 });

  return {
    root,
    store,
    clock,
    log,
    events: () => log.map((line) => JSON.parse(line) as Record<string, unknown>),
    async run(options = {}) {
      const partitions = options.partitions ?? [DAY];
      const context: StepContext = {
        job: jobOf(root, options.extract ?? extract, options.timezone),
        jobHash: '0123456789abcdef',
        identity: {
          partitions,
          dagId: 'flights',
          taskId: 'extract',
          runId: 'test',
          run: runHash('flights', 'test'),
          tryNumber: 1,
          generation: options.generation ?? 0,
        },
        store: options.store ?? store,
        log: pino({ base: null }, { write: (line) => void log.push(line) }),
        signal: options.signal ?? new AbortController().signal,
        home: root,
        scratch: root,
        force: false,
        environment: {},
        secret: () => key,
        redact: createRedactor([key]),
      };
      const result: Result = { outcomes: new Map(), spent: new Map(), error: undefined };
      const work = partitions.map((partition) => ({
        partition,
        previous: undefined,
        requestsUsed: options.requestsUsed ?? 0,
      }));
      try {
        await step(context, work, {
          finish: async (partition, outcome) =>
            void result.outcomes.set(partition, outcome as Outcome & { details: ExtractDetails }),
          spent: (partition, requests) => void result.spent.set(partition, requests),
          keep: () => undefined,
        });
      } catch (error) {
        result.error = error as Error;
      }
      return result;
    },
  };
}

function jobOf(root: string, extract: JobExtract, timezone = 'UTC') {
  return jobSchema.parse({
    version: 1,
    pipeline: 'flights',
    environment: 'local',
    timezone,
    steps: ['extract'],
    variables: {},
    store: { kind: 'files', root },
    warehouse: { kind: 'duckdb', path: 'warehouse.duckdb', schema: 'raw' },
    extract,
    contract: { bad_rows: 'quarantine', max_bad_rows: '1%' },
    checks: [],
  });
}

export function detailsOf(result: Result, partition = DAY): ExtractDetails {
  if (result.error !== undefined) throw result.error;
  const outcome = result.outcomes.get(partition);
  if (outcome === undefined) throw new Error(`the step finished without a word on ${partition}`);
  return outcome.details;
}

/** Names of all files below the root, by name. */
export function filesOf(root: string): string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** Everything that was written, compressed or not, as text. */
export function everyByte(root: string): string {
  return filesOf(root)
    .map((file) => {
      const bytes = readFileSync(file);
      return `${file}\n${bytes.toString('latin1')}\n${file.endsWith('.gz') ? gunzipSync(bytes).toString() : ''}`;
    })
    .join('\n');
}
