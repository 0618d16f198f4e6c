import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fits, fitsAny } from '../../../src/compiler/pattern.ts';

test.each([
  ['sales_*', 'sales_orders', true],
  ['sales_*', 'sales_', true],
  ['sales_*', 'sales', false],
  ['*', '', true],
  ['a*a', 'a', false],
  ['a*b*c', 'abbc', true],
  ['a*b*c', 'acb', false],
  ['tier-1', 'tier-1', true],
  ['tier.1', 'tier-1', false],
])('%s and %s: %s', (pattern, text, expected) => {
  expect(fits(pattern, text)).toBe(expected);
});

test('a star stands for any text, as it would in a regular expression', () => {
  const pattern = fc.array(fc.constantFrom('a', 'b', '*', '.'), { maxLength: 8 }).map((all) => all.join(''));
  const text = fc.array(fc.constantFrom('a', 'b', '.', '\n'), { maxLength: 10 }).map((all) => all.join(''));
  fc.assert(
    fc.property(pattern, text, (one, other) => {
      const whole = one.replaceAll('.', '\\.').replaceAll('*', '.*');
      expect(fits(one, other)).toBe(new RegExp(`^${whole}$`, 's').test(other));
    }),
    { numRuns: 2000 },
  );
});

test('many stars are no work for a lifetime', () => {
  expect(fits(`${'*a'.repeat(500)}*b`, 'a'.repeat(5000))).toBe(false);
  expect(fitsAny(['b', 'a*'], 'ab')).toBe(true);
  expect(fitsAny([], 'ab')).toBe(false);
});
