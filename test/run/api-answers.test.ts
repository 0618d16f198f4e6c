import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Fault, type StandIn, startStandIn } from '../../src/stand-in/server.ts';
import { createProject, type Finished, type Project } from './project.ts';
import { expectNoSecret } from './secrets.ts';

const KEY = 'k/+=%"aviation-secret';
const DAY = '2026-01-31';
const PAGE = 200;
/** Slices in flight at once, and requests for one page at most: the spec's `parallel` and `attempts`. */
const PARALLEL = 2;
const ATTEMPTS = 5;

let project: Project;
let standIn: StandIn;
let pages: number;
let loaded: string[];
const outputs: Finished[] = [];

beforeAll(async () => {
  project = createProject({
    dbt: false,
    change: (spec) => {
      spec.pipelines.flights.extract.paginate.page_size = PAGE;
    },
  });
  // Statuses of the day still move, so that a load that should not happen would show.
  standIn = await startStandIn({ key: KEY, today: DAY });
  const { exit, result, ...rest } = await project.run(['flights', '--date', DAY], standIn);
  outputs.push({ exit, ...rest });
  expect(exit).toBe(0);
  pages = standIn.requests.length;
  expect(pages).toBe(result.partitions[0]?.steps[0]?.requests);
  expect(pages).toBeGreaterThan(6);
  loaded = await project.rows('raw.flights');
  await standIn.close();
});

afterAll(async () => {
  expectNoSecret(KEY, project, outputs);
  await project[Symbol.asyncDispose]();
});

/** The day after, with faults, by a new run. */
async function runWith(faults: Fault[]) {
  standIn = await startStandIn({ key: KEY, today: '2026-02-02', faults });
  try {
    const finished = await project.run(['flights', '--date', DAY, '--fresh'], standIn);
    outputs.push(finished);
    const failed = finished.result.partitions[0]?.steps.find(({ status }) => status === 'failed');
    const extract = finished.result.partitions[0]?.steps[0];
    // One that is given up on its way is counted here and may not have arrived there.
    const lost = (extract?.requests ?? 0) - standIn.requests.length;
    expect(lost).toBeGreaterThanOrEqual(0);
    expect(lost).toBeLessThanOrEqual(failed?.step === 'extract' ? PARALLEL - 1 : 0);
    return {
      ...finished,
      failed,
      requests: standIn.requests.length,
      rows: await project.rows('raw.flights'),
    };
  } finally {
    await standIn.close();
  }
}

const error = (status: number, code: string, retryAfter?: string): Fault['action'] => ({
  kind: 'error',
  status,
  code,
  ...(retryAfter === undefined ? {} : { retryAfter }),
});

const TEMPORARY: [string, Fault['action']][] = [
  ['500 internal_error', error(500, 'internal_error')],
  [
    '503 with a page of HTML',
    { kind: 'body', status: 503, contentType: 'text/html', body: '<h1>Unavailable</h1>' },
  ],
  ['a reset connection', { kind: 'reset' }],
  ['a truncated body', { kind: 'truncate' }],
];

describe('what the API answers', () => {
  it('429 rate_limit_reached twice with Retry-After: waits, asks again, loads', async () => {
    const { exit, requests, rows } = await runWith([
      { count: 2, action: error(429, 'rate_limit_reached', '1') },
    ]);
    expect({ exit, requests }).toEqual({ exit: 0, requests: pages + 2 });
    expect(rows).not.toEqual(loaded);
    loaded = rows;
  });

  it.each([
    ['429 usage_limit_reached', error(429, 'usage_limit_reached')],
    ['401 invalid_access_key', error(401, 'invalid_access_key')],
    ['200 with the body of invalid_access_key', { kind: 'ok_error', code: 'invalid_access_key' }],
  ] satisfies [string, Fault['action']][])('%s: asks no more and leaves the table', async (_, action) => {
    const { exit, failed, requests, rows } = await runWith([{ count: 'always', action }]);
    expect({ exit, step: failed?.step, code: failed?.exit }).toEqual({ exit: 1, step: 'extract', code: 78 });
    expect(requests).toBeGreaterThanOrEqual(1);
    expect(requests).toBeLessThanOrEqual(PARALLEL);
    expect(rows).toEqual(loaded);
  });

  it.each(TEMPORARY)('%s once: asks again and loads', async (_, action) => {
    const { exit, requests, rows } = await runWith([{ count: 1, action }]);
    expect({ exit, requests }).toEqual({ exit: 0, requests: pages + 1 });
    expect(rows).toEqual(loaded);
  });

  it.each(TEMPORARY)('%s for ever: gives up after its attempts and leaves the table', async (_, action) => {
    const { exit, failed, requests, rows } = await runWith([{ count: 'always', action }]);
    expect({ exit, step: failed?.step, code: failed?.exit }).toEqual({ exit: 1, step: 'extract', code: 75 });
    expect(requests).toBeGreaterThanOrEqual(ATTEMPTS);
    expect(requests).toBeLessThanOrEqual(ATTEMPTS * PARALLEL);
    expect(rows).toEqual(loaded);
  });

  it('no record for the whole partition: fails as bad data and leaves the table', async () => {
    const { exit, failed, requests, rows } = await runWith([{ count: 'always', action: { kind: 'empty' } }]);
    expect({ exit, code: failed?.exit, requests }).toEqual({ exit: 1, code: 65, requests: 4 });
    expect(failed?.message).toMatch(/on_empty/);
    expect(rows).toEqual(loaded);
  });

  it('no record for one airline: loads the others', async () => {
    const fault: Fault = { match: { slice: 'LH' }, count: 'always', action: { kind: 'empty' } };
    const { exit, rows } = await runWith([fault]);
    expect(exit).toBe(0);
    const left = loaded.length - rows.length;
    expect(left).toBeGreaterThan(0);
    expect(await project.query(`select count(*) from raw.flights where airline_iata = 'LH'`)).toEqual([
      ['0'],
    ]);
    const again = await runWith([]);
    expect(again.rows).toEqual(loaded);
  });

  it('pages capped below what was asked for: loads every row', async () => {
    const { exit, requests, rows, result } = await runWith([
      { count: 'always', action: { kind: 'cap', limit: 100 } },
    ]);
    expect(exit).toBe(0);
    expect(rows).toEqual(loaded);
    const received = result.partitions[0]?.steps[0]?.rows.received ?? 0;
    expect(requests).toBeGreaterThanOrEqual(Math.ceil(received / 100));
    expect(requests).toBeLessThanOrEqual(Math.ceil(received / 100) + 3);
  });
});
