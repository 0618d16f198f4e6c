import { expect, test } from 'vitest';
import { EXIT } from '../../../src/spec/exit-codes.ts';
import { type Asked, json, startApi } from '../http/api.ts';
import { extractOf, KEY } from '../http/source-of.ts';
import { createBench, detailsOf, filesOf } from './bench.ts';

const PAGES = 5;
/** Number of the page that is asked for, by its own parameter or by what stands before it. */
function at({ url }: Asked): number {
  const skip = url.searchParams.get('skip');
  return skip === null ? Number(url.searchParams.get('at') ?? 1) : Number(skip) + 1;
}

/** Five pages; each says where the next one is in every way that there is. */
function page(asked: Asked) {
  const number = at(asked);
  const next = number < PAGES ? number + 1 : null;
  const address = `/v1/flights?at=${next}&access_key=${encodeURIComponent(KEY)}`;
  return {
    body: {
      data: [{ id: number }],
      total: PAGES,
      pages: PAGES,
      more: next !== null,
      next,
      link: next && address,
    },
    headers: next === null ? {} : { link: `<${address}>; rel="next"`, 'x-next': String(next) },
  };
}

const KINDS: [string, object][] = [
  ['offset', { kind: 'offset', page_size: 1, offset_param: 'skip', total: 'total' }],
  ['page', { kind: 'page', page_param: 'at', total_pages: 'pages' }],
  ['cursor in the body', { kind: 'cursor', send: 'at', next: 'next' }],
  ['cursor in a header', { kind: 'cursor', send: 'at', next_header: 'X-Next' }],
  ['link in the body', { kind: 'link', next: 'link' }],
  ['Link header', { kind: 'link' }],
];

/** The API, stopped at a request if that is wanted. */
async function start(paginate: object, stopAt: number) {
  const stop = new AbortController();
  const api = await startApi((asked, response) => {
    if (asked.number === stopAt) return stop.abort();
    const { body, headers } = page(asked);
    json(response, body, 200, headers);
  });
  const bench = createBench(extractOf(api.url, { extract: { query: {}, paginate } }), KEY);
  return { api, bench, stop };
}

test.each(KINDS)(
  'by %s: stopped at any page, a retry goes on and asks for none again',
  async (_, paginate) => {
    const whole = await start(paginate, 0);
    const clean = detailsOf(await whole.bench.run());
    expect(clean.records).toBe(PAGES);
    for (let stopAt = 1; stopAt <= PAGES; stopAt += 1) {
      const { api, bench, stop } = await start(paginate, stopAt);
      expect((await bench.run({ signal: stop.signal })).error).toMatchObject({ exit: EXIT.stopped });
      const details = detailsOf(await bench.run());
      expect(api.requests.map(at)).toEqual([
        ...Array.from({ length: stopAt }, (_page, index) => index + 1),
        ...Array.from({ length: PAGES - stopAt + 1 }, (_page, index) => stopAt + index),
      ]);
      const strip = ({ pages }: { pages: object[] }) => pages.map((one) => ({ ...one }));
      expect(details.slices.map(strip)).toEqual(clean.slices.map(strip));
    }
  },
);

test('what a header said is kept beside the page, without the key', async () => {
  const { bench } = await start({ kind: 'link' }, 0);
  detailsOf(await bench.run());
  const notes = filesOf(bench.root).filter((file) => file.endsWith('.next'));
  expect(notes).toHaveLength(PAGES - 1);
  const texts = await Promise.all(
    notes.map(async (file) => String(await bench.store.read(file.slice(bench.root.length + 1)))),
  );
  expect(texts.every((text) => /\/v1\/flights\?at=\d&access_key=\*\*\*$/.test(text))).toBe(true);
});

test('a note whose page was never landed counts for nothing', async () => {
  // Killed between the two: the API gives another cursor the next time.
  let round = 1;
  const api = await startApi(({ url }, response) => {
    const cursor = url.searchParams.get('at');
    if (cursor === null) json(response, { data: [{ id: 1 }] }, 200, { 'x-next': `round${round}` });
    else json(response, { data: [{ id: cursor }] });
  });
  const paginate = { kind: 'cursor', send: 'at', next_header: 'X-Next' };
  const bench = createBench(extractOf(api.url, { extract: { query: {}, paginate } }), KEY);
  const killed = {
    ...bench.store,
    async putIfAbsent(...put: Parameters<typeof bench.store.putIfAbsent>) {
      if (put[0].includes('page-00001')) throw new Error('killed');
      return bench.store.putIfAbsent(...put);
    },
  };
  expect((await bench.run({ store: killed })).error?.message).toBe('killed');
  round = 2;
  expect(detailsOf(await bench.run()).records).toBe(2);
  expect(api.requests.map(({ url }) => url.searchParams.get('at'))).toEqual([null, null, 'round2']);
});

test.each(KINDS.filter(([name]) => name !== 'offset' && !name.includes('cursor')))(
  'by %s, with a total that grows while it is read: read again once, then temporary',
  async (_, paginate) => {
    const growing = { ...paginate, total: 'total' };
    const api = await startApi((asked, response) => {
      const { body, headers } = page(asked);
      json(response, { ...body, total: PAGES + asked.number }, 200, headers);
    });
    const bench = createBench(extractOf(api.url, { extract: { query: {}, paginate: growing } }), KEY);
    expect((await bench.run()).error).toMatchObject({
      exit: EXIT.temporary,
      message: expect.stringContaining('also when read once more'),
    });
    expect(api.requests).toHaveLength(2 * PAGES);
  },
);
