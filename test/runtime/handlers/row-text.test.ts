import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  createRowText,
  LEFT_OUT,
  type RowText,
} from '../../../src/runtime/steps/upload/transform/row-text.ts';

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
        expect(outcome(() => asObject(one, each))).toEqual(outcome(() => asObject(alone, each)));
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
  expect(text({ id: 'a', day: null, note: 'b' })).toBe('"r":{"id":"a","day":null,"note":"b"}');
  expect(text({ id: 'a', day: null, note: 'c' })).toBe('"v":["a",null,"c"]');
  expect(text({ id: '\\ud800', day: null, note: 'c' })).toBe('"r":{"id":"\\\\ud800","day":null,"note":"c"}');
  expect(() => text(refused)).toThrow(reason);
});

test.each([
  ['a field that is undefined', { id: 'a', day: undefined, note: 1 }, `"v":["a","${LEFT_OUT}",1]`],
  ['the text that stands for undefined', { id: LEFT_OUT, day: null, note: 1 }, undefined],
  ['fields in another order', { note: 1, day: null, id: 'a' }, undefined],
  ['a field less', { id: 'a', day: null }, undefined],
  ['something nested', { id: ['a'], day: null, note: 1 }, undefined],
  ['a text for a column of JSON', { id: 'a', day: null, note: 1, json: 'b' }, undefined],
])('of rows with the fields of the first one, %s', (_, row, list) => {
  const columns = [...COLUMNS, { name: 'json', type: 'json' }];
  const text = createRowText('json' in row ? columns : COLUMNS, () => undefined);
  text('json' in row ? { id: '', day: null, note: '', json: null } : { id: '', day: null, note: '' });
  expect(text(row)).toBe(list ?? `"r":${JSON.stringify(row)}`);
});

/** The text of a row as if its values did not stand in a list. */
function asObject(text: RowText, row: unknown): string {
  const made = text(row);
  if (!made.startsWith('"v":')) return made;
  const values = JSON.parse(made.slice('"v":'.length)) as unknown[];
  const fields = values.map((value, index) => [text.listed[index], value] as const);
  return `"r":${JSON.stringify(Object.fromEntries(fields.filter(([, value]) => value !== LEFT_OUT)))}`;
}

function outcome(make: () => string): string {
  try {
    return make();
  } catch (error) {
    return (error as Error).message;
  }
}
