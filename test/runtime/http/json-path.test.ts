import { expect, test } from 'vitest';
import { textAt, valueAt } from '../../../src/runtime/json-path.ts';

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
