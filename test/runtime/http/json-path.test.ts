import { expect, test } from 'vitest';
import { parseExact, textAt, valueAt } from '../../../src/runtime/json-path.ts';

const document = { error: { code: 429, fatal: false }, items: [{ id: 'a' }], none: null };

test.each([
  ['', document],
  ['error.code', 429],
  ['items.0.id', 'a'],
  ['items', document.items],
  ['none', null],
  ['none.more', undefined],
  ['items.1.id', undefined],
  ['error.code.more', undefined],
  ['constructor', undefined],
  ['items.map', undefined],
])('the value at %j', (path, expected) => {
  expect(valueAt(document, path)).toEqual(expected);
});

test.each([
  ['error.code', '429'],
  ['error.fatal', 'false'],
  ['items.0.id', 'a'],
  ['error', undefined],
  ['none', undefined],
])('the text at %j', (path, expected) => {
  expect(textAt(document, path)).toBe(expected);
});

test('a number that JavaScript would round is the text that stood there', () => {
  const text = '{"id":9223372036854775807,"big":1e400,"price":1.50,"ten":10,"whole":1.0,"list":[-0.1]}';
  expect(parseExact(Buffer.from(`\uFEFF${text}`))).toEqual({
    id: '9223372036854775807',
    big: '1e400',
    price: '1.50',
    ten: 10,
    whole: 1,
    list: [-0.1],
  });
});
