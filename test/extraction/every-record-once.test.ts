import type { ServerResponse } from 'node:http';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { EXIT } from '../../src/spec/exit-codes.ts';
import { type Asked, json } from '../runtime/http/api.ts';
import { type Served, serve } from './api-server.ts';
import { FAULTS } from './faults.ts';
import { mortal, deaths as someDeaths } from './mortal-store.ts';
import type { WrittenPaginate } from './paged-list.ts';
import { idsIn, jobOf, openRig } from './rig.ts';

const TEMPORARY = [
  '503',
  '429 rate_limit_reached',
  'reset before the answer',
  'reset in the body',
  'gzip cut off',
];
/** Not all of the faults in a row may use them up. */
const ATTEMPTS = 12;

/** By the number of the request. */
const someFaults = fc.dictionary(fc.integer({ min: 1, max: 25 }).map(String), fc.constantFrom(...TEMPORARY), {
  maxKeys: 8,
});

const CURSOR = { kind: 'cursor', send: 'after', next: 'next' } as const;

interface Api {
  paginate: WrittenPaginate;
  records: number;
  /** Of a page, whatever was asked for. */
  cap: number;
}

const total = fc.constantFrom({}, { total: 'total' });
const sized = fc.integer({ min: 1, max: 12 });

const pagination: fc.Arbitrary<WrittenPaginate> = fc.oneof(
  fc
    .record({ size: sized, stop: fc.constantFrom({}, { total: 'total' }, { has_more: 'more' }) })
    .map(({ size, stop }) => ({ kind: 'offset' as const, page_size: size, ...stop })),
  fc
    .record({
      first: fc.constantFrom(0, 1),
      stop: fc.constantFrom({}, { total: 'total' }, { has_more: 'more' }, { total_pages: 'pages' }),
    })
    .map(({ first, stop }) => ({ kind: 'page' as const, first, ...stop })),
  total.map((stop) => ({ kind: 'cursor' as const, send: 'after', next: 'next', ...stop })),
  total.map((stop) => ({ kind: 'cursor' as const, send: 'after', next_header: 'X-Next', ...stop })),
  total.map((stop) => ({ kind: 'link' as const, next: 'link', ...stop })),
  total.map((stop) => ({ kind: 'link' as const, ...stop })),
);

/** Records that one page has. */
function sizeOf({ paginate, cap }: Api): number {
  return paginate.kind === 'offset' ? Math.min(cap, paginate.page_size) : cap;
}

function pageAt(api: Api, { url }: Asked) {
  const { paginate, records } = api;
  const size = sizeOf(api);
  const number = (name: string, otherwise: number) => Number(url.searchParams.get(name) ?? otherwise);
  const from =
    paginate.kind === 'offset'
      ? number('offset', 0)
      : paginate.kind === 'page'
        ? (number('page', 1) - (paginate.first ?? 1)) * size
        : number('after', 0);
  const until = Math.min(records, from + size);
  const next = until < records ? String(until) : null;
  const link = next && `?after=${next}`;
  return {
    body: {
      data: Array.from({ length: Math.max(0, until - from) }, (_, index) => ({ id: from + index })),
      total: records,
      pages: Math.ceil(records / size),
      more: next !== null,
      next,
      link,
    },
    headers: next === null ? {} : { 'x-next': next, link: `<${link}>; rel="next"` },
  };
}

let server: Served;
beforeAll(async () => {
  server = await serve();
});
afterAll(() => server.close());

test('by any pagination, with temporary faults and deaths, every record arrives exactly once and in order', async () => {
  const property = fc.asyncProperty(
    fc.record({ paginate: pagination, records: fc.integer({ min: 0, max: 30 }), cap: sized }),
    someFaults,
    someDeaths,
    async (api, faults, deaths) => {
      let met = 0;
      const list = server.mount((asked: Asked, response: ServerResponse) => {
        const page = pageAt(api, asked);
        const fault = FAULTS[faults[asked.number] ?? ''];
        if (fault === undefined) return json(response, page.body, 200, page.headers);
        met += 1;
        fault(response, page);
      });
      const left = [...deaths];
      const source = { retry: { attempts: ATTEMPTS, deadline: '24h' } };
      using rig = openRig(jobOf(list.url, { paginate: api.paginate, source }), {
        store: (store) => mortal(store, left.shift()),
      });
      let died = 0;
      for (let tries = 0; tries <= deaths.length; tries += 1) {
        const { exit, message } = await rig.extract();
        if (exit === EXIT.done) continue;
        expect(message).toBe('killed');
        died += 1;
      }
      expect(idsIn(await rig.pages())).toEqual(Array.from({ length: api.records }, (_, index) => index));
      const pages = Math.ceil(api.records / sizeOf(api)) + 1;
      expect(list.requests).toBeLessThanOrEqual(pages + met + died);
    },
  );
  await fc.assert(property, { numRuns: 150 });
});

const PARALLEL = 3;

test('of parents and children, with the same, every child arrives once, with its own parent', async () => {
  const property = fc.asyncProperty(
    // Children of each parent.
    fc.array(fc.integer({ min: 0, max: 7 }), { maxLength: 8 }),
    fc.integer({ min: 1, max: 3 }),
    someFaults,
    someDeaths,
    async (families, cap, faults, deaths) => {
      let met = 0;
      const list = server.mount((asked: Asked, response: ServerResponse) => {
        const parent = /\/orders\/(\d+)\/items$/.exec(asked.url.pathname)?.[1];
        const records = parent === undefined ? families.length : (families[Number(parent)] ?? 0);
        const page = pageAt({ paginate: CURSOR, records, cap }, asked);
        const fault = FAULTS[faults[asked.number] ?? ''];
        if (fault === undefined) return json(response, page.body, 200, page.headers);
        met += 1;
        fault(response, page);
      });
      const left = [...deaths];
      const job = jobOf(list.url, {
        path: '/orders/${order.id}/items',
        paginate: CURSOR,
        for_each: { as: 'order', path: '/orders', records: 'data', paginate: CURSOR, parallel: PARALLEL },
        source: { retry: { attempts: ATTEMPTS, deadline: '24h' } },
        columns: [
          { name: 'parent', from: ['${order.id}'], type: 'integer', required: true },
          { name: 'id', from: ['id'], type: 'integer', required: true },
        ],
      });
      using rig = openRig(job, { store: (store) => mortal(store, left.shift()) });
      let died = 0;
      for (let tries = 0; tries <= deaths.length; tries += 1) {
        const { exit, message } = await rig.extract();
        if (exit === EXIT.done) continue;
        expect(message).toBe('killed');
        died += 1;
      }
      expect((await rig.upload()).message).toBe('');
      const parents = await rig.published('parent');
      const ids = await rig.published('id');
      const expected = families.flatMap((count, parent) =>
        Array.from({ length: count }, (_, id) => `${parent}/${id}`),
      );
      expect(ids.map((id, index) => `${parents[index]}/${id}`)).toEqual(expected);
      const pagesOf = (count: number) => Math.max(1, Math.ceil(count / cap));
      const pages = [families.length, ...families].reduce((sum, count) => sum + pagesOf(count), 0);
      expect(list.requests).toBeLessThanOrEqual(pages + met + died * PARALLEL);
    },
  );
  await fc.assert(property, { numRuns: 25 });
});
