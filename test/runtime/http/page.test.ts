import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readContent } from '../../../src/runtime/adapters/http/formats/read-content.ts';
import { followPage, type Origin } from '../../../src/runtime/adapters/http/paging/follow-page.ts';
import { Loop, NotAPage } from '../../../src/runtime/adapters/http/unusable.ts';
import { readJson } from '../../../src/runtime/adapters/http/verdict.ts';
import { type Advance, beginning, type Position } from '../../../src/runtime/ports/source.ts';
import { type Paginate, paginate as schema } from '../../../src/spec/paginate.ts';
import { listPage } from './api.ts';

const URL_OF_TEST = new URL('https://api.test/v1/orders?state=open');

const paginate = (options: Record<string, unknown>): Paginate => schema.parse(options);
const WITH_TOTAL = paginate({ kind: 'offset', page_size: 100, total: 'pagination.total' });
const WITHOUT_TOTAL = paginate({ kind: 'offset', page_size: 100 });

async function advance(
  from: Position,
  document: unknown,
  how: Paginate,
  beside: Origin['beside'] = { headers: {} },
  records = 'data',
): Promise<Advance> {
  const text = typeof document === 'string' ? document : JSON.stringify(document);
  const form = { format: { kind: 'json' }, records } as const;
  const content = await readContent(Buffer.from(text), readJson(Buffer.from(text), records), form);
  return followPage(from, content, how, { url: URL_OF_TEST, beside, redact: (secret) => secret });
}

describe('by offset', () => {
  test('every record is asked for exactly once, whatever the API caps its pages at', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 500 }),
        fc.integer({ min: 1, max: 120 }),
        fc.constantFrom(WITH_TOTAL, WITHOUT_TOTAL),
        async (total, cap, how) => {
          const seen: number[] = [];
          let position = beginning();
          while (!position.ended) {
            const url = new URL(`http://api.test/?limit=100&offset=${position.offset}`);
            const document = listPage(url, total, cap) as { data: { id: number }[] };
            seen.push(...document.data.map((record) => record.id));
            position = (await advance(position, document, how)).next;
          }
          expect(seen).toEqual(Array.from({ length: total }, (_, index) => index));
        },
      ),
    );
  });

  test('without a total a short page is no end, an empty one is', async () => {
    const short = await advance(beginning(), { data: [{ id: 1 }] }, WITHOUT_TOTAL);
    expect(short.next).toMatchObject({ offset: 1, page: 2, ended: false, total: null });
    expect((await advance(short.next, { data: [] }, WITHOUT_TOTAL)).next.ended).toBe(true);
  });

  test('an empty page may leave the total out; the one known before stays', async () => {
    const from: Position = { ...beginning(), page: 2, offset: 100, total: 250 };
    expect(await advance(from, { data: [] }, WITH_TOTAL)).toMatchObject({
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
  ])('an answer with %s is no page', async (_, document, message) => {
    await expect(advance(beginning(), document, WITH_TOTAL)).rejects.toThrow(NotAPage);
    await expect(advance(beginning(), document, WITH_TOTAL)).rejects.toThrow(message);
  });

  test('a total written as text counts', async () => {
    const page = { data: [{}], pagination: { total: '7' } };
    expect((await advance(beginning(), page, WITH_TOTAL)).total).toBe(7);
  });

  test('the same records twice in a row are a loop, even if the rest of the answer differs', async () => {
    const page = (time: number) => ({ time, pagination: { total: 300 }, data: [{ id: 1 }, { id: 2 }] });
    const first = await advance(beginning(), page(1), WITH_TOTAL);
    await expect(advance(first.next, page(2), WITH_TOTAL)).rejects.toThrow(Loop);
  });

  test('pages that are the same but for one record are no loop', async () => {
    const page = (odd: number) => ({
      pagination: { total: 9000 },
      data: Array.from({ length: 100 }, (_, index) => ({ state: index === odd ? 'late' : 'fine' })),
    });
    const first = await advance(beginning(), page(7), WITH_TOTAL);
    expect((await advance(first.next, page(9), WITH_TOTAL)).next.offset).toBe(200);
  });
});

test('without pagination the first page is the last', async () => {
  const page = await advance(beginning(), [1, 2, 3], { kind: 'none' }, { headers: {} }, '');
  expect(page).toMatchObject({ records: 3, total: null, next: { ended: true, before: null } });
});

describe('by page', () => {
  const pageOf = (numbers: number[], meta: object = {}) => ({ data: numbers.map((id) => ({ id })), meta });

  test.each([
    ['an empty page', {}, {}, false],
    ['has_more false', { has_more: 'meta.more' }, { more: false }, true],
    ['has_more true', { has_more: 'meta.more' }, { more: true }, false],
    ['the number of pages', { total_pages: 'meta.pages' }, { pages: 1 }, true],
    ['a page before it', { total_pages: 'meta.pages' }, { pages: 2 }, false],
    ['the total', { total: 'meta.total' }, { total: 2 }, true],
  ])('%s decides of the end', async (_, options, meta, ended) => {
    const how = paginate({ kind: 'page', ...options });
    expect((await advance(beginning(), pageOf([1, 2], meta), how)).next.ended).toBe(ended);
  });

  test('an empty page is the end', async () => {
    const how = paginate({ kind: 'page' });
    const first = await advance(beginning(), pageOf([1, 2]), how);
    expect((await advance(first.next, pageOf([]), how)).next.ended).toBe(true);
  });

  test('has_more must be true or false', async () => {
    const how = paginate({ kind: 'page', has_more: 'meta.more' });
    await expect(advance(beginning(), pageOf([1], { more: 'yes' }), how)).rejects.toThrow(
      'without true or false at "meta.more"',
    );
  });
});

describe('by cursor', () => {
  const how = paginate({ kind: 'cursor', send: 'cursor', next: 'next' });
  const page = (id: number, next: unknown) => ({ data: [{ id }], next });

  test.each([[null], [undefined], [''], [false]])('%s is the end', async (next) => {
    expect((await advance(beginning(), page(1, next), how)).next).toMatchObject({ next: null, ended: true });
  });

  test('a number of 19 digits is sent as it was written', async () => {
    const text = '{"data":[{"id":1}],"next":9223372036854775807}';
    expect((await advance(beginning(), text, how)).next.next).toBe('9223372036854775807');
  });

  test('an object is none', async () => {
    await expect(advance(beginning(), page(1, { at: 1 }), how)).rejects.toThrow('neither text nor number');
  });

  test('an empty page with a new cursor is followed, one that leads to itself is the end', async () => {
    const first = await advance(beginning(), { data: [], next: 'a' }, how);
    expect(first.next.ended).toBe(false);
    expect((await advance(first.next, { data: [], next: 'a' }, how)).next.ended).toBe(true);
  });

  test('a cursor that came before is a loop, however far back; the same page may be looked at twice', async () => {
    const first = await advance(beginning(), page(1, 'a'), how);
    const second = await advance(first.next, page(2, 'b'), how);
    expect((await advance(first.next, page(2, 'b'), how)).next.next).toBe('b');
    const third = await advance(second.next, page(3, 'c'), how);
    await expect(advance(third.next, page(4, 'a'), how)).rejects.toThrow('leads back to page 2');
  });

  test('more to come without a cursor is no page', async () => {
    const more = paginate({ ...how, has_more: 'more' });
    await expect(advance(beginning(), { ...page(1, null), more: true }, more)).rejects.toThrow(NotAPage);
    expect((await advance(beginning(), { ...page(1, 'a'), more: false }, more)).next.ended).toBe(true);
  });

  test('a cursor from a header goes into the note, and comes back from it', async () => {
    const beside = paginate({ kind: 'cursor', send: 'c', next_header: 'X-Next' });
    const live = await advance(beginning(), { data: [1] }, beside, { headers: { 'x-next': 'abc' } });
    expect([live.note, live.next.next]).toEqual(['abc', 'abc']);
    const kept = await advance(beginning(), { data: [1] }, beside, { note: 'abc' });
    expect(kept.next.next).toBe('abc');
    const last = await advance(beginning(), { data: [1] }, beside, { headers: {} });
    expect(last).toMatchObject({ note: null, next: { ended: true } });
  });
});

describe('by link', () => {
  const inBody = paginate({ kind: 'link', next: 'links.next' });
  const inHeader = paginate({ kind: 'link' });

  test.each([
    ['absolute', 'https://api.test/v1/orders?page=2', 'https://api.test/v1/orders?page=2'],
    ['a path', '/v2/orders?page=2', 'https://api.test/v2/orders?page=2'],
    ['a query', '?page=2', 'https://api.test/v1/orders?page=2'],
  ])('%s in the body', async (_, next, address) => {
    const page = await advance(beginning(), { data: [1], links: { next } }, inBody);
    expect(page).toMatchObject({ note: null, next: { next: address, ended: false } });
  });

  test('in the Link header, kept in the note', async () => {
    const headers = { link: '</v1/orders?page=1>; rel="prev", </v1/orders?page=3>; rel="next"' };
    const page = await advance(beginning(), { data: [1] }, inHeader, { headers });
    expect(page).toMatchObject({
      note: 'https://api.test/v1/orders?page=3',
      next: { next: 'https://api.test/v1/orders?page=3' },
    });
  });

  test('a link to the first page is a loop', async () => {
    const next = URL_OF_TEST.href;
    await expect(advance(beginning(), { data: [1], links: { next } }, inBody)).rejects.toThrow(
      'leads back to page 1',
    );
  });

  test('what is no address is no page', async () => {
    await expect(advance(beginning(), { data: [1], links: { next: 'http://[' } }, inBody)).rejects.toThrow(
      'no address',
    );
  });
});
