import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { UploadDetails } from '../../src/runtime/receipt.ts';
import { upload } from '../../src/runtime/steps/upload.ts';
import { land, runOne } from '../runtime/upload/rig.ts';
import type { LoggedStatement } from '../support/snowflake.ts';
import { type ByHand, startByHand } from './by-hand.ts';
import { openOurs } from './ours.ts';

const DAY = '2026-01-31';
const flights = (count: number) => Array.from({ length: count }, (_, id) => ({ id, note: 'a' }));

let byHand: ByHand;
beforeAll(async () => {
  byHand = await startByHand();
});
afterAll(() => byHand?.[Symbol.asyncDispose]());
beforeEach(() => byHand.clean());

/** What Snowflake was asked meanwhile. */
async function asked(work: () => Promise<unknown>): Promise<LoggedStatement[]> {
  const before = await byHand.snowflake.log();
  await work();
  return (await byHand.snowflake.log()).slice(before.length);
}

const matching = (log: readonly LoggedStatement[], pattern: RegExp) =>
  log.filter(({ sql }) => pattern.test(sql));

async function roleOfLastLogin(): Promise<unknown> {
  const last = (await byHand.snowflake.logins()).at(-1);
  return last?.query.roleName;
}

describe('what Snowflake is asked for', () => {
  test('by hand, one statement for each row, as anybody, with every right', async () => {
    const log = await asked(() => byHand.load('append', DAY, flights(20)));
    expect(matching(log, /^INSERT/)).toHaveLength(20);
    expect(matching(log, /^SELECT \* FROM FLIGHTS$/)).toHaveLength(1);
    expect(matching(log, /AUTO_SUSPEND = 0/)).toHaveLength(1);
    expect(log.filter(({ tag }) => tag)).toEqual([]);
    expect(await roleOfLastLogin()).toBe('ACCOUNTADMIN');
  });

  test('with pipegen, no more for many rows than for few', async () => {
    const counts: number[] = [];
    for (const count of [20, 2000]) {
      using ours = await openOurs(byHand);
      const work = await ours.upload(flights(count));
      const log = await asked(() => ours.load(work));
      expect(await ours.rows()).toHaveLength(count);
      expect(matching(log, /^COPY.*ON_ERROR = ABORT_STATEMENT/s)).toHaveLength(1);
      counts.push(matching(log, /^(COPY|INSERT|DELETE)/).length);
    }
    expect(new Set(counts).size).toBe(1);
  });

  test('with pipegen, tables by their whole names, columns by theirs, and by who asks', async () => {
    using ours = await openOurs(byHand);
    const work = await ours.upload(flights(2));
    const log = await asked(() => ours.load(work));
    const places = log.flatMap(({ sql }) => [
      ...sql.matchAll(/\b(?:FROM|INTO|TABLE(?: IF NOT EXISTS)?) ([^\s]+)/g),
    ]);
    expect(places.length).toBeGreaterThan(10);
    for (const [, place] of places) expect(place).toMatch(/^(\(SELECT$|@?"RAW"\.)/);
    expect(matching(log, /\*(?<!count\(\*)/)).toEqual([]);
    for (const { tag } of log)
      expect(JSON.parse(tag ?? '')).toMatchObject({ dag: 'flights', run: 'manual__1' });
  });

  test('with pipegen, as a role of its own, and nothing is left open or awake', async () => {
    using ours = await openOurs(byHand);
    const before = await byHand.snowflake.sessions();
    const work = await ours.upload(flights(2));
    const log = await asked(() => ours.load(work));
    expect(await roleOfLastLogin()).toBe('LOADER');
    expect(matching(log, /\b(ALTER|CREATE) (OR REPLACE )?WAREHOUSE\b/i)).toEqual([]);
    expect((await byHand.snowflake.sessions()).map(({ id }) => id)).toEqual(before.map(({ id }) => id));
  });
});

describe('what the bucket gets', () => {
  const pages = (count: number) => Array.from({ length: count }, (_, page) => [{ id: page, note: 'a' }]);

  test('by hand, an object for each page', async () => {
    expect((await byHand.upload(DAY, pages(5))).split(',')).toHaveLength(5);
  });

  test('with pipegen, one file of typed rows for many pages', async () => {
    using ours = await openOurs(byHand);
    const documents = pages(5).map((page) => JSON.stringify({ data: page }));
    const outcome = await runOne(upload, ours.context, await land(ours.context, { AA: documents }));
    expect((outcome.details as UploadDetails).files).toMatchObject([{ rows: 5 }]);
  });
});
