import fc from 'fast-check';
import { expect, test } from 'vitest';
import { printBytes, printCores, thousandths } from '../../../src/compiler/kubernetes/quantity.ts';

test.each([
  ['500m', 500],
  ['2', 2000],
  ['0.5', 500],
  ['1.5Gi', 1.5 * 2 ** 30 * 1000],
  ['1G', 1e12],
  ['3Ki', 3072 * 1000],
  ['0.0001', 1],
])('%s is %d thousandths', (text, expected) => expect(thousandths(text)).toBe(expected));

test.each([
  ['1.5Gi', '1536Mi'],
  ['1024Mi', '1Gi'],
  ['1G', '1000000000'],
  ['1001Ki', '1001Ki'],
  ['1m', '1'],
])('%s of memory is printed as %s', (text, expected) => expect(printBytes(thousandths(text))).toBe(expected));

test('what is printed is what was read', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 4_000_000 }), (value) => {
      expect(thousandths(printCores(value))).toBe(value);
      expect(thousandths(printBytes(value * 1000))).toBe(value * 1000);
    }),
  );
});
