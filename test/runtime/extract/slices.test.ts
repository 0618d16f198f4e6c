import { expect, test } from 'vitest';
import { json, startApi } from '../http/api.ts';
import { extractOf, KEY } from '../http/source-of.ts';
import { createBench, detailsOf } from './bench.ts';

/** The windows that are asked for on a day, and the receipt. */
async function windows(day: string, timezone: string, every = '6h') {
  const api = await startApi((_, response) => json(response, { data: [{ id: 1 }] }));
  const extract = {
    ...extractOf(api.url, {
      extract: {
        query: { from: '${slice.window.start}', to: '${slice.window.end}' },
        paginate: { kind: 'none' },
      },
    }),
    slices: { window: { every }, parallel: 1, on_empty: 'allow' as const },
  };
  const bench = createBench(extract, KEY);
  const result = await bench.run({ partitions: [day], timezone });
  const asked = api.requests.map(({ url }) => [url.searchParams.get('from'), url.searchParams.get('to')]);
  return { asked, details: detailsOf(result, day), api, bench, timezone };
}

test('a day is cut into windows without a gap', async () => {
  const { asked, details } = await windows('2026-01-31', 'Asia/Kolkata');
  expect(asked).toEqual([
    ['2026-01-31T00:00:00+05:30', '2026-01-31T06:00:00+05:30'],
    ['2026-01-31T06:00:00+05:30', '2026-01-31T12:00:00+05:30'],
    ['2026-01-31T12:00:00+05:30', '2026-01-31T18:00:00+05:30'],
    ['2026-01-31T18:00:00+05:30', '2026-02-01T00:00:00+05:30'],
  ]);
  expect(details.slices.map((slice) => slice.value)).toEqual(asked.map(([from]) => from));
  expect(details.records).toBe(4);
});

test('a day of 23 hours ends an hour earlier', async () => {
  const { asked } = await windows('2026-03-29', 'Europe/Berlin', '12h');
  expect(asked).toEqual([
    ['2026-03-29T00:00:00+01:00', '2026-03-29T13:00:00+02:00'],
    ['2026-03-29T13:00:00+02:00', '2026-03-30T00:00:00+02:00'],
  ]);
});

test('a day of 25 hours has a last window of one', async () => {
  const { asked } = await windows('2026-10-25', 'Europe/Berlin', '8h');
  expect(asked.at(-1)).toEqual(['2026-10-25T23:00:00+01:00', '2026-10-26T00:00:00+01:00']);
  expect(asked).toHaveLength(4);
});

test('windows that are landed cost no request', async () => {
  const { api, bench, details, timezone } = await windows('2026-10-25', 'Europe/Berlin', '1h');
  const again = await bench.run({ partitions: ['2026-10-25'], timezone });
  expect(detailsOf(again, '2026-10-25')).toEqual(details);
  expect([api.requests.length, details.slices.length]).toEqual([25, 25]);
});
