import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { UploadDetails } from '../../src/runtime/receipt.ts';
import { type ByHand, startByHand } from './by-hand.ts';
import { openOurs } from './ours.ts';

const DAY = '2026-01-31';
const FLIGHTS = [1, 2, 3].map((id) => ({ id, note: 'good' }));
const ROWS = [1, 2, 3].map((id) => [DAY, String(id), 'good']);

let byHand: ByHand;
beforeAll(async () => {
  byHand = await startByHand();
});
afterAll(() => byHand?.[Symbol.asyncDispose]());
beforeEach(() => byHand.clean());

describe('the API gives nothing', () => {
  test('by hand, the good rows are gone and the run is green', async () => {
    await byHand.load('replace', DAY, FLIGHTS);
    expect((await byHand.load('replace', DAY, [])).status).toBe(0);
    expect(await byHand.rows()).toEqual([]);
  });

  test('with pipegen, the run fails and the good rows stay', async () => {
    using ours = await openOurs(byHand);
    await ours.load(await ours.upload(FLIGHTS, { hour: 6 }));
    await expect(ours.upload([], { hour: 7 })).rejects.toMatchObject({ exit: 65 });
    expect(await ours.rows()).toEqual(ROWS);
  });
});

describe('the API gives a part of what it says it has', () => {
  test('by hand, the part takes the place of the whole and the run is green', async () => {
    await byHand.load('replace', DAY, FLIGHTS);
    expect((await byHand.load('replace', DAY, FLIGHTS.slice(0, 1))).status).toBe(0);
    expect(await byHand.rows()).toEqual(ROWS.slice(0, 1));
  });

  test('with pipegen, the gate is closed and the good rows stay', async () => {
    using ours = await openOurs(byHand, { checks: [{ reconcile: { tolerance: '0%' } }] });
    await ours.load(await ours.upload(FLIGHTS, { hour: 6, total: 3 }));
    const part = await ours.upload(FLIGHTS.slice(0, 1), { hour: 7, total: 3 });
    await expect(ours.load(part)).rejects.toMatchObject({ exit: 65 });
    expect(await ours.rows()).toEqual(ROWS);
  });
});

describe('an object has fewer rows than were said to be in it', () => {
  test('by hand, the part takes the place of the whole and the run is green', async () => {
    await byHand.load('append', DAY, FLIGHTS);
    const objects = await byHand.upload(DAY, [FLIGHTS.slice(0, 1)]);
    expect((await byHand.load('copy', DAY, objects)).status).toBe(0);
    expect(await byHand.rows()).toEqual(ROWS.slice(0, 1));
  });

  test('with pipegen, the rows of each file are counted and the good rows stay', async () => {
    using ours = await openOurs(byHand);
    await ours.load(await ours.upload(FLIGHTS, { hour: 6 }));
    const work = await ours.upload(FLIGHTS.slice(0, 1), { hour: 7 });
    const [file] = (work.previous?.details as UploadDetails | undefined)?.files ?? [];
    if (file === undefined) throw new Error('nothing was uploaded');
    file.rows = 3;
    await expect(ours.load(work)).rejects.toMatchObject({
      message: expect.stringMatching(/1 rows? of .* 3/),
    });
    expect(await ours.rows()).toEqual(ROWS);
  });
});
