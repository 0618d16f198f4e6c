import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readIdentity } from '../../src/runtime/identity.ts';
import { type ByHand, startByHand } from './by-hand.ts';
import { openOurs } from './ours.ts';

const DAY = '2026-01-31';
const INVENTED = `x', '2026-01-01'), ('${DAY}', 99, 'invented`;
const PARTITION = `${DAY}' or '1' = '1`;
const TABLE = 'STOLEN as select * from SALARIES --';

let byHand: ByHand;
beforeAll(async () => {
  byHand = await startByHand();
});
afterAll(() => byHand?.[Symbol.asyncDispose]());
beforeEach(() => byHand.clean());

describe('a value is SQL', () => {
  test('by hand, it invents a row', async () => {
    await byHand.load('append', DAY, [{ id: 1, note: INVENTED }]);
    expect(await byHand.rows()).toEqual([
      [DAY, '1', 'x'],
      [DAY, '99', 'invented'],
    ]);
  });

  test('with pipegen, it is a text', async () => {
    using ours = await openOurs(byHand);
    await ours.load(await ours.upload([{ id: 1, note: INVENTED }]));
    expect(await ours.rows()).toEqual([[DAY, '1', INVENTED]]);
  });
});

describe('a partition is SQL', () => {
  test('by hand, all days are deleted', async () => {
    await byHand.load('append', '2026-01-30', [{ id: 1, note: 'a' }]);
    await byHand.load('replace', PARTITION, []);
    expect(await byHand.rows()).toEqual([]);
  });

  test('with pipegen, it is no partition', () => {
    expect(() => readIdentity({ PIPEGEN_PARTITIONS: PARTITION })).toThrow('is not a partition');
  });
});

describe('the name of a table is SQL', () => {
  test('by hand, it is run', async () => {
    await byHand.database.rows("create or replace table SALARIES as select 'Ada' as NAME, 90000 as SALARY");
    await byHand.load('append', DAY, [], { table: TABLE });
    expect(await byHand.database.rows('select NAME from STOLEN')).toEqual([['Ada']]);
  });

  test('with pipegen, it is refused', async () => {
    await expect(openOurs(byHand, { load: { table: TABLE } })).rejects.toThrow('load');
  });
});

describe('values that are easily lost', () => {
  const odd = [
    { id: '9007199254740993', note: null },
    { id: 2, note: '' },
    { id: 3, note: "O'Hare" },
  ];

  test('by hand, one row is lost, one number is another, and null is a text', async () => {
    expect((await byHand.load('append', DAY, odd)).status).toBe(0);
    expect(await byHand.rows()).toEqual([
      [DAY, '2', ''],
      [DAY, '9007199254740992', ''],
    ]);
  });

  test('with pipegen, they are what they were', async () => {
    using ours = await openOurs(byHand);
    await ours.load(await ours.upload(odd));
    expect(await ours.rows()).toEqual([
      [DAY, '2', ''],
      [DAY, '3', "O'Hare"],
      [DAY, '9007199254740993', null],
    ]);
  });
});
