import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type ByHand, startByHand } from './by-hand.ts';
import { openOurs } from './ours.ts';

const DAY = '2026-01-31';
const FLIGHTS = [
  { id: 1, note: 'a' },
  { id: 2, note: 'b' },
];
const ROWS = [
  [DAY, '1', 'a'],
  [DAY, '2', 'b'],
];

let byHand: ByHand;
beforeAll(async () => {
  byHand = await startByHand();
});
afterAll(() => byHand?.[Symbol.asyncDispose]());
beforeEach(() => byHand.clean());

describe('a run is repeated', () => {
  test('by hand, every row is there twice', async () => {
    await byHand.load('append', DAY, FLIGHTS);
    expect(await byHand.rows()).toEqual(ROWS);
    expect((await byHand.load('append', DAY, FLIGHTS)).status).toBe(0);
    expect(await byHand.rows()).toEqual([ROWS[0], ROWS[0], ROWS[1], ROWS[1]]);
  });

  test('with pipegen, every row is there once', async () => {
    using ours = await openOurs(byHand);
    const work = await ours.upload(FLIGHTS);
    expect(await ours.load(work)).toMatchObject({ changed: true });
    expect(await ours.load(work)).toMatchObject({ changed: false });
    expect(await ours.load(await ours.upload(FLIGHTS, { hour: 7 }))).toBeDefined();
    expect(await ours.rows()).toEqual(ROWS);
  });
});

describe('the same files are loaded again after their rows were deleted', () => {
  test('by hand, COPY loads nothing and the run is green', async () => {
    const objects = await byHand.upload(DAY, [FLIGHTS]);
    await byHand.load('copy', DAY, objects);
    expect(await byHand.rows()).toEqual(ROWS);
    expect((await byHand.load('copy', DAY, objects)).status).toBe(0);
    expect(await byHand.rows()).toEqual([]);
  });

  test('with pipegen, the rows are there again', async () => {
    using ours = await openOurs(byHand);
    const work = await ours.upload(FLIGHTS);
    await ours.load(work);
    await byHand.database.rows(`delete from ${ours.job.load?.table}`);
    expect(await ours.rows()).toEqual([]);
    expect(await ours.load(work)).toMatchObject({ changed: true });
    expect(await ours.rows()).toEqual(ROWS);
    expect(await ours.load(work, { force: true })).toMatchObject({ changed: true });
    expect(await ours.rows()).toEqual(ROWS);
  });
});

describe('a shorter extraction follows a longer one', () => {
  test('by hand, the old page is loaded with the new one', async () => {
    await byHand.upload(DAY, [[{ id: 1, note: 'old' }], [{ id: 2, note: 'old' }]]);
    const objects = await byHand.upload(DAY, [[{ id: 1, note: 'new' }]]);
    await byHand.load('copy', DAY, objects);
    expect(await byHand.rows()).toEqual([
      [DAY, '1', 'new'],
      [DAY, '2', 'old'],
    ]);
  });

  test('with pipegen, only the files of the newer receipt are loaded', async () => {
    using ours = await openOurs(byHand);
    await ours.load(
      await ours.upload([
        { id: 1, note: 'old' },
        { id: 2, note: 'old' },
      ]),
    );
    await ours.load(await ours.upload([{ id: 1, note: 'new' }], { hour: 7 }));
    expect(await ours.rows()).toEqual([[DAY, '1', 'new']]);
  });
});

describe('a late attempt uploads after a newer one', () => {
  test('by hand, its object takes the place of the good one', async () => {
    await byHand.upload(DAY, [FLIGHTS]);
    const objects = await byHand.upload(DAY, [FLIGHTS.slice(1)]);
    await byHand.load('copy', DAY, objects);
    expect(await byHand.rows()).toEqual([ROWS[1]]);
  });

  test('with pipegen, both objects are kept and the older extraction is refused', async () => {
    using ours = await openOurs(byHand);
    const newer = await ours.upload(FLIGHTS, { hour: 7 });
    const late = await ours.upload(FLIGHTS.slice(1), { hour: 6 });
    await ours.load(newer);
    await expect(ours.load(late)).rejects.toMatchObject({
      message: expect.stringContaining('newer extraction'),
    });
    expect(await ours.rows()).toEqual(ROWS);
  });
});
