import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { EXIT } from '../../../src/spec/exit-codes.ts';
import { type Asked, json, startApi } from './api.ts';
import { KEY, listOf, readAll, sourceOf } from './source-of.ts';

const TOTAL = 250;
const records = (from: number, count: number) =>
  Array.from({ length: Math.max(0, Math.min(count, TOTAL - from)) }, (_, index) => ({ id: from + index }));

/** Starts an API, reads all of it, and says what was asked for and which records came. */
async function read(
  extract: Record<string, unknown>,
  answer: (asked: Asked) => { body: unknown; headers?: Record<string, string> },
  list = listOf(),
) {
  const api = await startApi((asked, response) => {
    const { body, headers } = answer(asked);
    json(response, body, 200, headers);
  });
  const source = sourceOf(api.url, { extract: { query: {}, records: 'data', ...extract } });
  const pages = await readAll(source, { list }).catch((error: unknown) => error);
  const ids = Array.isArray(pages)
    ? pages.flatMap(({ body }) => JSON.parse(body.toString()).data.map((one: { id: number }) => one.id))
    : [];
  return { api, pages, ids };
}

const ALL = Array.from({ length: TOTAL }, (_, index) => index);
const number = (text: string | null | undefined, otherwise: number) => Number(text ?? otherwise);

describe('by page', () => {
  test('an API that caps its pages below what was asked for: every record once', async () => {
    const { api, ids } = await read(
      { paginate: { kind: 'page', page_size: 200, size_param: 'per_page', total: 'total' } },
      ({ url }) => {
        const page = number(url.searchParams.get('page'), 1);
        return { body: { total: TOTAL, data: records((page - 1) * 100, 100) } };
      },
    );
    expect(ids).toEqual(ALL);
    expect(api.requests.map(({ url }) => url.search.replace(/&access_key.*/, ''))).toEqual([
      '?per_page=200&page=1',
      '?per_page=200&page=2',
      '?per_page=200&page=3',
    ]);
  });

  test('counted from 0, in the body of a POST, by has_more', async () => {
    const { api, ids } = await read(
      {
        method: 'POST',
        body: { filter: { day: '${partition}' }, paging: { sort: 'id' } },
        paginate: {
          kind: 'page',
          in: 'body',
          page_param: 'paging.number',
          first: 0,
          page_size: 100,
          size_param: 'paging.size',
          has_more: 'more',
        },
      },
      ({ text }) => {
        const from = JSON.parse(text).paging.number * 100;
        return { body: { more: from + 100 < TOTAL, data: records(from, 100) } };
      },
    );
    expect(ids).toEqual(ALL);
    expect(api.requests.map(({ method, text }) => [method, JSON.parse(text)])).toEqual(
      [0, 1, 2].map((page) => [
        'POST',
        { filter: { day: '2026-01-31' }, paging: { sort: 'id', number: page, size: 100 } },
      ]),
    );
  });

  test('an API that gives its last page for ever is a loop and final', async () => {
    const { api, pages } = await read({ paginate: { kind: 'page' } }, ({ url }) => {
      const page = Math.min(3, number(url.searchParams.get('page'), 1));
      return { body: { data: records((page - 1) * 100, 100) } };
    });
    expect(pages).toMatchObject({
      exit: EXIT.configuration,
      message: expect.stringMatching(
        /same records as on the page before.*name total, total_pages or has_more/,
      ),
    });
    expect(api.requests).toHaveLength(4);
  });
});

describe('by cursor', () => {
  const after = (cursor: string | null | undefined) => number(cursor, 0);
  const next = (from: number) => (from + 100 < TOTAL ? String(from + 100) : null);

  test('in the query', async () => {
    const { api, ids } = await read(
      { paginate: { kind: 'cursor', send: 'after', next: 'meta.next', page_size: 100, size_param: 'limit' } },
      ({ url }) => {
        const from = after(url.searchParams.get('after'));
        return { body: { data: records(from, 100), meta: { next: next(from) } } };
      },
    );
    expect(ids).toEqual(ALL);
    expect(api.requests.map(({ url }) => url.search.replace(/&access_key.*/, ''))).toEqual([
      '?limit=100',
      '?limit=100&after=100',
      '?limit=100&after=200',
    ]);
  });

  test('in the body', async () => {
    const { api, ids } = await read(
      { method: 'POST', paginate: { kind: 'cursor', send: 'page.after', in: 'body', next: 'next' } },
      ({ text }) => {
        const from = after(JSON.parse(text || '{}').page?.after);
        return { body: { data: records(from, 100), next: next(from) } };
      },
    );
    expect(ids).toEqual(ALL);
    expect(api.requests.map(({ text }) => text)).toEqual([
      '',
      '{"page":{"after":"100"}}',
      '{"page":{"after":"200"}}',
    ]);
  });

  test('in a header, from a header', async () => {
    const { api, pages, ids } = await read(
      { paginate: { kind: 'cursor', send: 'X-After', in: 'header', next_header: 'X-Next' } },
      ({ headers }) => {
        const from = after(headers['x-after'] as string | undefined);
        const following = next(from);
        return {
          body: { data: records(from, 100) },
          headers: following === null ? {} : { 'x-next': following },
        };
      },
    );
    expect(ids).toEqual(ALL);
    expect(api.requests.map(({ headers }) => headers['x-after'])).toEqual([undefined, '100', '200']);
    expect((pages as { note: string | null }[]).map(({ note }) => note)).toEqual(['100', '200', null]);
  });

  test('that leads back is a loop and final', async () => {
    const { api, pages } = await read(
      { paginate: { kind: 'cursor', send: 'after', next: 'next' } },
      ({ url }) => {
        const from = after(url.searchParams.get('after'));
        return { body: { data: records(from, 50), next: String((from + 50) % 150) } };
      },
    );
    expect(pages).toMatchObject({
      exit: EXIT.configuration,
      message: expect.stringMatching(/next cursor that leads back to page 2.*check paginate.next/),
    });
    expect(api.requests).toHaveLength(4);
  });
});

describe('by link', () => {
  const page = ({ url }: Asked) => number(url.searchParams.get('page'), 1);

  test('in the body, with the key where the link has lost it', async () => {
    const { api, ids } = await read({ paginate: { kind: 'link', next: 'links.next.href' } }, (asked) => {
      const following = page(asked) < 3 ? { href: `/v1/flights?page=${page(asked) + 1}` } : null;
      return { body: { data: records((page(asked) - 1) * 100, 100), links: { next: following } } };
    });
    expect(ids).toEqual(ALL);
    expect(api.requests.map(({ url }) => url.searchParams.get('page'))).toEqual([null, '2', '3']);
    expect(api.requests.every(({ url }) => url.searchParams.get('access_key') === KEY)).toBe(true);
  });

  test('in the Link header; a key in it is not kept', async () => {
    const { api, pages, ids } = await read({ paginate: { kind: 'link' } }, (asked) => {
      const address = `/v1/flights?page=${page(asked) + 1}&access_key=${encodeURIComponent(KEY)}`;
      return {
        body: { data: records((page(asked) - 1) * 100, 100) },
        headers: page(asked) < 3 ? { link: `<${address}>; rel="next"` } : {},
      };
    });
    expect(ids).toEqual(ALL);
    expect(api.requests.every(({ url }) => url.searchParams.get('access_key') === KEY)).toBe(true);
    expect((pages as { note: string | null }[]).map(({ note }) => note)).toEqual([
      `${api.url}/v1/flights?page=2&access_key=***`,
      `${api.url}/v1/flights?page=3&access_key=***`,
      null,
    ]);
  });

  test('to another host is refused unless it is allowed', async () => {
    const other = await startApi((_, response) => json(response, { data: records(1, 1) }));
    const { pages } = await read({ paginate: { kind: 'link', next: 'next' } }, () => ({
      body: { data: records(0, 1), next: `${other.url}/page2` },
    }));
    expect(pages).toMatchObject({
      exit: EXIT.configuration,
      message: expect.stringContaining('allow_hosts'),
    });
    expect(other.requests).toHaveLength(0);
  });

  test('to itself is a loop and final', async () => {
    const { api, pages } = await read({ paginate: { kind: 'link', next: 'next' } }, ({ number: count }) => ({
      body: { data: records(count, 1), next: '/v1/flights?page=2' },
    }));
    expect(pages).toMatchObject({
      exit: EXIT.configuration,
      message: expect.stringContaining('leads back to page 2'),
    });
    expect(api.requests).toHaveLength(2);
  });
});

describe('what an answer is', () => {
  const PLAIN = { query: {}, records: '', paginate: { kind: 'none' } };

  test.each<[string, object, Buffer, number]>([
    ['a table', { kind: 'csv', delimiter: ';' }, Buffer.from('\uFEFFa;b\n"1\n";2\n3;4\n'), 2],
    ['a table in latin1', { kind: 'csv', encoding: 'latin1' }, Buffer.from('größe\n1\n', 'latin1'), 1],
    ['lines', { kind: 'json_lines' }, Buffer.from('{"a":1}\n\n{"a":1e400}'), 2],
    ['what JSON holds and JavaScript does not', { kind: 'json' }, awkward(), 3],
  ])('%s is kept as it came', async (_, format, body, count) => {
    const api = await startApi((_asked, response) => void response.end(body));
    const [page] = await readAll(sourceOf(api.url, { extract: { ...PLAIN, format } }));
    expect(page).toMatchObject({ records: count, next: { ended: true } });
    expect(page?.body).toEqual(body);
  });

  test.each<[string, object, string, string, number]>([
    ['a table', { kind: 'csv' }, '/v1/tariffs.csv.gz', 'a,b\n1,2\n', 1],
    ['lines', { kind: 'json_lines' }, '/v1/tariffs', '{"a":1}\n', 1],
    ['a document', { kind: 'json' }, '/v1/tariffs.json.gz', '[{"a":1},{"a":2}]', 2],
  ])('%s in a gzip file is taken out of it', async (_, format, path, text, count) => {
    const api = await startApi((_asked, response) => void response.end(gzipSync(text)));
    const [page] = await readAll(sourceOf(api.url, { extract: { ...PLAIN, format, path } }));
    expect([page?.records, page?.body.toString()]).toEqual([count, text]);
  });

  test('a file that is cut off is asked for again', async () => {
    const whole = gzipSync('a,b\n1,2\n'.repeat(1000));
    const api = await startApi(
      ({ number: count }, response) => void response.end(count === 1 ? whole.subarray(0, -9) : whole),
    );
    const format = { kind: 'csv' };
    const [page] = await readAll(sourceOf(api.url, { extract: { ...PLAIN, format } }));
    expect([page?.records, api.requests.length]).toEqual([1999, 2]);
  });

  test('a table that breaks the rules twice is bad data', async () => {
    const api = await startApi((_, response) => void response.end('a,b\n1,"2"3\n'));
    const source = sourceOf(api.url, { extract: { ...PLAIN, format: { kind: 'csv' } } });
    await expect(readAll(source)).rejects.toMatchObject({ exit: EXIT.badData });
    expect(api.requests).toHaveLength(2);
  });
});

/** Numbers that JavaScript rounds, a key that comes twice, 500 lists in each other, half a surrogate pair. */
function awkward(): Buffer {
  const deep = '['.repeat(500) + ']'.repeat(500);
  return Buffer.from(
    `[{"a":9223372036854775808,"b":1e400}, {"a":1,"a":2},\n{"deep":${deep},"half":"\\ud800"} ]`,
  );
}

describe('a value in an address', () => {
  test('never leads elsewhere', async () => {
    const source = sourceOf('http://127.0.0.1:1', { extract: { path: '/orders/${order.id}/items' } });
    expect(source.describe(listOf({ 'order.id': 'a/../b?c' }))).toContain('/orders/a%2F..%2Fb%3Fc/items');
    expect(() => source.describe(listOf({ 'order.id': '..' }))).toThrow('would lead elsewhere');
  });

  test('is no header where it is not plain ASCII', async () => {
    const source = sourceOf('http://127.0.0.1:1', { extract: { headers: { 'X-Order': '${order.id}' } } });
    expect(source.describe(listOf({ 'order.id': '17' }))).toContain('{"X-Order":"17"}');
    expect(() => source.describe(listOf({ 'order.id': 'a\r\nHost: b' }))).toThrow('plain ASCII');
  });
});
