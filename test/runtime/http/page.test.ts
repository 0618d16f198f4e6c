import fc from 'fast-check';
import { expect, test } from 'vitest';
import { advance, Loop, NotAPage, type PageForm } from '../../../src/runtime/adapters/http/page.ts';
import { BEGINNING, type Position } from '../../../src/runtime/ports/source.ts';
import { extract } from '../../../src/spec/extract.ts';
import { listPage } from './api.ts';

const paginate = (options: Record<string, unknown> = {}) =>
  extract.shape.paginate.parse({ kind: 'offset', page_size: 100, ...options });
const withTotal: PageForm = { records: 'data', paginate: paginate({ total: 'pagination.total' }) };
const withoutTotal: PageForm = { records: 'data', paginate: paginate() };

test('every record is asked for exactly once, whatever the API caps its pages at', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 500 }),
      fc.integer({ min: 1, max: 120 }),
      fc.constantFrom(withTotal, withoutTotal),
      (total, cap, form) => {
        const seen: number[] = [];
        let position: Position = { ...BEGINNING };
        while (!position.ended) {
          const url = new URL(`http://api.test/?limit=100&offset=${position.offset}`);
          const document = listPage(url, total, cap) as { data: { id: number }[] };
          seen.push(...document.data.map((record) => record.id));
          position = advance(position, document, form).next;
        }
        expect(seen).toEqual(Array.from({ length: total }, (_, index) => index));
      },
    ),
  );
});

test('without a total a short page is no end, an empty one is', () => {
  const short = advance(BEGINNING, { data: [{ id: 1 }] }, withoutTotal);
  expect(short.next).toMatchObject({ offset: 1, page: 2, ended: false, total: null });
  expect(advance(short.next, { data: [] }, withoutTotal).next.ended).toBe(true);
});

test('without pagination the first page is the last', () => {
  const form: PageForm = { records: '', paginate: { kind: 'none' } };
  expect(advance(BEGINNING, [1, 2, 3], form)).toMatchObject({
    records: 3,
    total: null,
    next: { ended: true },
  });
});

test('an empty page may leave the total out; the one known before stays', () => {
  const from: Position = { page: 2, offset: 100, total: 250, fingerprint: null, ended: false };
  expect(advance(from, { data: [] }, withTotal)).toMatchObject({
    records: 0,
    total: null,
    next: { total: 250, offset: 100, ended: true },
  });
});

test.each([
  ['no list', { pagination: { total: 1 } }, /without a list of records at "data"/],
  ['null in its place', { pagination: { total: 1 }, data: null }, /without a list of records at "data"/],
  ['no total', { data: [{}] }, /without a number of records in all at "pagination.total"/],
  ['half a record in all', { data: [{}], pagination: { total: 1.5 } }, /without a number/],
  ['a negative total', { data: [{}], pagination: { total: -1 } }, /without a number/],
])('an answer with %s is no page', (_, document, message) => {
  expect(() => advance(BEGINNING, document, withTotal)).toThrow(NotAPage);
  expect(() => advance(BEGINNING, document, withTotal)).toThrow(message);
});

test('a total written as text counts', () => {
  expect(advance(BEGINNING, { data: [{}], pagination: { total: '7' } }, withTotal).total).toBe(7);
});

test('the same records twice in a row are a loop, even if the rest of the answer differs', () => {
  const page = (time: number) => ({ time, pagination: { total: 300 }, data: [{ id: 1 }, { id: 2 }] });
  const first = advance(BEGINNING, page(1), withTotal);
  expect(() => advance(first.next, page(2), withTotal)).toThrow(Loop);
});
