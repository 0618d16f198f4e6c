import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type ByHand, startByHand } from './by-hand.ts';
import { openOurs } from './ours.ts';

const DAY = '2026-01-31';
const flights = (note: string) => [1, 2, 3].map((id) => ({ id, note }));
const rows = (note: string) => [1, 2, 3].map((id) => [DAY, String(id), note]);

let byHand: ByHand;
beforeAll(async () => {
  byHand = await startByHand();
});
afterAll(() => byHand?.[Symbol.asyncDispose]());
beforeEach(() => byHand.clean());

describe('a statement fails between DELETE and the last INSERT', () => {
  test('by hand, the table is half loaded and the run is green', async () => {
    await byHand.load('replace', DAY, flights('old'));
    await byHand.snowflake.faults([{ match: '^INSERT', nth: 2, action: 'error', code: '000604' }]);
    expect((await byHand.load('replace', DAY, flights('new'))).status).toBe(0);
    expect(await byHand.rows()).toEqual([rows('new')[0], rows('new')[2]]);
  });

  test('with pipegen, the old rows stay, and a repeat puts all new ones in their place', async () => {
    using ours = await openOurs(byHand);
    await ours.load(await ours.upload(flights('old'), { hour: 6 }));
    const work = await ours.upload(flights('new'), { hour: 7 });
    const insert = `INSERT INTO .*${ours.job.load?.table}`;
    await byHand.snowflake.faults([{ match: insert, action: 'error', code: '000604' }]);
    const before = (await byHand.snowflake.log()).length;
    await expect(ours.load(work)).rejects.toThrow();
    const log = (await byHand.snowflake.log()).slice(before);
    // The first transaction is that of the checks.
    const ends = log.filter(({ sql }) => /^(COMMIT|ROLLBACK)/.test(sql)).map(({ sql }) => sql);
    expect(ends).toEqual(['COMMIT', 'ROLLBACK']);
    expect(await ours.rows()).toEqual(rows('old'));
    expect(await ours.records()).toBe(1);
    await ours.load(work);
    expect(await ours.rows()).toEqual(rows('new'));
    expect(await ours.records()).toBe(2);
  });
});

describe('the second of two files can not be loaded', () => {
  test('by hand, COMMIT after the error makes the first visible alone', async () => {
    await byHand.load('append', DAY, flights('old'));
    const objects = await byHand.upload(DAY, [flights('new').slice(0, 1)]);
    const { status } = await byHand.load('copy', DAY, `${objects},flights/${DAY}/missing.json`);
    expect(status).toBe(1);
    expect(await byHand.rows()).toEqual([rows('new')[0]]);
  });

  test('with pipegen, the old rows stay', async () => {
    using ours = await openOurs(byHand);
    await ours.load(await ours.upload(flights('old'), { hour: 6 }));
    const work = await ours.upload(flights('new'), { hour: 7 });
    await byHand.snowflake.faults([{ match: '^COPY', action: 'error', code: '091016' }]);
    await expect(ours.load(work)).rejects.toThrow();
    expect(await ours.rows()).toEqual(rows('old'));
  });
});

describe('somebody reads while the rows are exchanged', () => {
  test('by hand, CREATE TABLE has committed the DELETE and the day is empty', async () => {
    const before = await byHand.upload(DAY, [flights('old')]);
    await byHand.load('copy', DAY, before);
    const objects = await byHand.upload(DAY, [flights('new')]);
    await byHand.snowflake.faults([{ match: '^COPY', action: 'hang', count: 'all' }]);
    const from = (await byHand.snowflake.log()).length;
    const stop = new AbortController();
    const load = byHand.load('copy', DAY, objects, { signal: stop.signal });
    await byHand.until((log) =>
      log.slice(from).some(({ sql, status }) => /LOAD_AUDIT/.test(sql) && status === 'ok'),
    );
    const seen = await byHand.rows();
    stop.abort();
    await load;
    expect(seen).toEqual([]);
  });

  test('with pipegen, they see the old rows until the new ones are there', async () => {
    using ours = await openOurs(byHand);
    await ours.load(await ours.upload(flights('old'), { hour: 6 }));
    const work = await ours.upload(flights('new'), { hour: 7 });
    // Long enough that most looks are into the transaction.
    await byHand.snowflake.faults(['^DELETE', '^COMMIT'].map((match) => ({ match, action: 'delay', s: 1 })));
    const seen = [await ours.rows()];
    let over = false;
    const load = ours.load(work).finally(() => {
      over = true;
    });
    while (!over) seen.push(await ours.rows());
    await load;
    seen.push(await ours.rows());
    expect(seen.at(0)).toEqual(rows('old'));
    expect(seen.at(-1)).toEqual(rows('new'));
    for (const one of seen) expect([rows('old'), rows('new')]).toContainEqual(one);
  });
});
