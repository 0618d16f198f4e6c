import { describe, expect, test } from 'vitest';
import { extract, textsOfExtract } from '../../src/spec/extract.ts';

const SOUND = { source: 'crm', path: '/orders' };
const PAGED = { kind: 'page', page_size: 100, size_param: 'limit' };
const CURSOR = { kind: 'cursor', send: 'after' };
const CSV = { kind: 'csv' };

describe('an extract', () => {
  test.each<[string, object, RegExp]>([
    ['a size that is sent nowhere', { paginate: { kind: 'page', page_size: 100 } }, /given together/],
    ['a parameter without a size', { paginate: { ...CURSOR, next: 'a', size_param: 'n' } }, /given together/],
    ['a cursor from nowhere', { paginate: CURSOR }, /either next or next_header/],
    ['a cursor from two places', { paginate: { ...CURSOR, next: 'a', next_header: 'b' } }, /either next or/],
    ['a tolerance of no total', { paginate: { ...PAGED, tolerance: 1 } }, /needs total/],
    ['a slice of two kinds', { slices: { window: { every: '6h' }, airline: ['AA'] } }, /exactly one list/],
    ['no slice', { slices: { parallel: 2 } }, /exactly one list/],
    ['a window of no length', { slices: { window: {} } }, /expected string/i],
    ['a value twice', { slices: { airline: ['AA', 'LH', 'AA'] } }, /AA is listed twice/],
    ['a parent named as something else', { for_each: { as: 'slice', path: '/a' } }, /means something else/],
    ['no names at all', { format: { ...CSV, header: false } }, /needs names/],
    ['a name twice', { format: { ...CSV, names: ['a', 'a'] } }, /holds a name twice/],
    ['a delimiter that is the quote', { format: { ...CSV, delimiter: '"' } }, /is the quote too/],
    ['a delimiter of two characters', { format: { ...CSV, delimiter: '||' } }, /one character/],
    ['a header that no request can have', { headers: { 'X-A': 'a\nb' } }, /plain ASCII/],
    ['a status that is no absence', { missing: { status: 503 } }, /499/],
  ])('refuses %s', (_, part, message) => {
    const parsed = extract.safeParse({ ...SOUND, ...part });
    expect(parsed.error?.issues.map((issue) => issue.message).join()).toMatch(message);
  });

  test('has its placeholders in every text that is sent', () => {
    const parsed = extract.parse({
      ...SOUND,
      query: { a: '1' },
      headers: { b: '2' },
      body: { c: ['3', { d: '4' }, 5], e: null },
      for_each: { as: 'order', path: '/parents', query: { f: '6' } },
    });
    expect(textsOfExtract(parsed).map(({ path, text }) => [path.join('.'), text])).toEqual([
      ['path', '/orders'],
      ['query.a', '1'],
      ['headers.b', '2'],
      ['body.c.0', '3'],
      ['body.c.1.d', '4'],
      ['for_each.path', '/parents'],
      ['for_each.query.f', '6'],
    ]);
  });
});
