import fc from 'fast-check';
import { expect, test } from 'vitest';
import { boundsOf, groupsOf, groupText, parseGroup, shareOf } from '../../src/spec/slice-group.ts';

test('every slice is in exactly one group, in its order, and no group has two more than another', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string(), { maxLength: 200 }),
      fc.integer({ min: 1, max: 64 }),
      (slices, pods) => {
        const parts = groupsOf(pods).map((group) => slices.slice(...boundsOf(slices.length, group)));
        expect(parts.flat()).toEqual(slices);
        const sizes = parts.map(({ length }) => length);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
      },
    ),
  );
});

test('the shares of a budget sum up to it, and each has something where there is enough', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10_000 }), fc.integer({ min: 1, max: 64 }), (budget, pods) => {
      const shares = groupsOf(pods).map((group) => shareOf(budget, group));
      expect(shares.reduce((sum, one) => sum + one, 0)).toBe(budget);
      if (budget >= pods) expect(Math.min(...shares)).toBeGreaterThan(0);
    }),
  );
});

test('an argument is a group only as it is printed', () => {
  for (const group of groupsOf(12)) expect(parseGroup(groupText(group))).toEqual(group);
  for (const text of ['', '0/4', '5/4', '1/0', '01/4', '1/4 ', '1', '1/4/4', '-1/4', '1.5/4']) {
    expect(parseGroup(text), text).toBeUndefined();
  }
});
