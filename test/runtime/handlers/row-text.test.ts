import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRowText } from '../../../src/runtime/steps/upload/transform/row-text.ts';

const COLUMNS = ['id', 'day', 'note'].map((name) => ({ name, type: name === 'day' ? 'date' : 'string' }));

/** What JSON writes as it is, what it would lose, and what looks like an escape. */
const value = fc.oneof(
  fc.constantFrom(null, undefined, true, 1.5, -0, Number.NaN, Infinity, 2n ** 63n, '\ud800', '\\ud800'),
  fc.constantFrom(new Map(), Symbol('s'), () => 1, new Date(0), new Date(1), new Date(Number.NaN)),
  fc.string({ unit: 'binary' }),
  fc.array(fc.string(), { maxLength: 2 }),
);
const row = fc.oneof(
  fc.record({ id: value, day: value, note: value }),
  fc.record({ note: value, id: value, other: value }, { requiredKeys: [] }),
  fc.constantFrom(null, 7, [], new Date(0)),
);

test('the text of a row does not depend on the rows before it', () => {
  fc.assert(
    fc.property(fc.array(row, { maxLength: 8 }), (rows) => {
      const one = createRowText(COLUMNS, () => undefined);
      for (const each of rows) {
        const alone = createRowText(COLUMNS, () => undefined);
        expect(outcome(() => one(each))).toEqual(outcome(() => alone(each)));
      }
    }),
    { numRuns: 2_000 },
  );
});

test.each([
  ['a lone surrogate', { id: '\ud800', day: null, note: '' }, 'lone surrogate'],
  ['no number', { id: 'a', day: null, note: Number.NaN }, 'NaN'],
  ['an instant as a date', { id: 'a', day: new Date(1), note: '' }, 'which is a date'],
])('%s is refused also after rows of the same fields', (_, refused, reason) => {
  const text = createRowText(COLUMNS, () => undefined);
  expect(text({ id: 'a', day: null, note: 'b' })).toBe('{"id":"a","day":null,"note":"b"}');
  expect(text({ id: '\\ud800', day: null, note: 'c' })).toBe('{"id":"\\\\ud800","day":null,"note":"c"}');
  expect(() => text(refused)).toThrow(reason);
});

function outcome(make: () => string): string {
  try {
    return make();
  } catch (error) {
    return (error as Error).message;
  }
}
