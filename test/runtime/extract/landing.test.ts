import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { runHash } from '../../../src/runtime/identity.ts';
import type { ObjectStore } from '../../../src/runtime/ports/object-store.ts';
import { EXIT } from '../../../src/spec/exit-codes.ts';
import { json, listPage, startApi } from '../http/api.ts';
import { extractOf, KEY } from '../http/source-of.ts';
import { createBench, DAY, detailsOf, everyByte, filesOf } from './bench.ts';
import { startFlights } from './flights.ts';

const FOLDER = `landing/flights/${DAY}/${runHash('flights', 'test')}/0/all`;

test('pages are landed byte for byte, and the receipt names their size and checksum', async () => {
  const bodies = [
    '{"data":[ {"n":1.50} ],"pagination":{"total":2}}\n',
    '{"data":[{"n":"é"}],"pagination":{"total":2}}',
  ];
  const api = await startApi(
    ({ url }, response) => void response.end(bodies[Number(url.searchParams.get('offset'))]),
  );
  const bench = createBench(extractOf(api.url), KEY);
  const [slice] = detailsOf(await bench.run()).slices;
  expect(slice).toMatchObject({ value: null, records: 2, total: 2 });
  expect(slice?.pages.map((page) => page.name)).toEqual([
    `${FOLDER}/page-00001.json.gz`,
    `${FOLDER}/page-00002.json.gz`,
  ]);
  for (const [index, page] of (slice?.pages ?? []).entries()) {
    const bytes = readFileSync(join(bench.root, page.name));
    expect(gunzipSync(bytes).toString()).toBe(bodies[index]);
    expect(page).toMatchObject({
      size: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      records: 1,
    });
    // No time and no operating system: the same page is the same bytes everywhere.
    expect([...bytes.subarray(4, 10)]).toEqual([0, 0, 0, 0, 0, 255]);
  }
});

test('a page is landed before the next one is asked for', async () => {
  const landed: number[] = [];
  const bench = createBench(
    extractOf(
      (
        await startApi(({ url }, response) => {
          landed.push(filesOf(bench.root).filter((file) => file.endsWith('.gz')).length);
          json(response, listPage(url, 350));
        })
      ).url,
    ),
    KEY,
  );
  detailsOf(await bench.run());
  expect(landed).toEqual([0, 1, 2, 3]);
});

test('one event for each page and each slice', async () => {
  const bench = await startFlights({ plan: 'basic' }, { airlines: ['NH'] });
  const [slice] = detailsOf(await bench.run()).slices;
  const landed = bench.events().filter((event) => event.event === 'page_landed');
  expect(landed.map((event) => [event.slice, event.page, event.records, event.total])).toEqual(
    slice?.pages.map((page, index) => ['NH', index + 1, page.records, slice.total]),
  );
  expect(bench.events().filter((event) => event.event === 'slice_done')).toMatchObject([
    { partition: DAY, slice: 'NH', records: slice?.records },
  ]);
});

test('another process that landed other bytes under the same name: a retry settles it', async () => {
  const api = await startApi(({ url }, response) => json(response, listPage(url, 3)));
  const bench = createBench(extractOf(api.url), KEY);
  const other = Buffer.from('another page');
  const rival: ObjectStore = {
    ...bench.store,
    async putIfAbsent(name, content, sha256) {
      if (name.endsWith('page-00001.json.gz')) await bench.store.overwrite(name, other);
      return bench.store.putIfAbsent(name, content, sha256);
    },
  };
  const result = await bench.run({ store: rival });
  expect(result.error).toMatchObject({
    exit: EXIT.temporary,
    message: expect.stringContaining('another process of this run'),
  });
});

test('the key is in no byte that was landed or logged, whatever the API repeats and however it fails', async () => {
  const forms = [KEY, encodeURIComponent(KEY), Buffer.from(KEY).toString('base64').replaceAll('=', '')];
  const echo = { key: KEY, link: `http://x.test/?k=${encodeURIComponent(KEY)}`, basic: btoa(KEY) };
  const api = await startApi(({ number, url }, response) => {
    if (number === 1) json(response, { error: { code: 'internal_error', ...echo } }, 500);
    else if (number === 2) response.writeHead(503).end(`<p>${url.href} ${KEY}</p>`);
    else if (number === 3) response.socket?.resetAndDestroy();
    else if (number < 6) json(response, { ...(listPage(url, 150) as object), ...echo });
    else if (number === 6) response.writeHead(302, { location: `http://y.test/${url.search}` }).end();
    else if (number === 7) json(response, { error: { code: 'invalid_access_key', ...echo } }, 401);
    else json(response, echo);
  });
  const bench = createBench(extractOf(api.url), KEY);
  const messages: string[] = [];
  for (const generation of [0, 1, 2, 3]) {
    const result = await bench.run({ generation });
    messages.push(
      String(result.error?.stack),
      JSON.stringify(result.error),
      JSON.stringify([...result.outcomes]),
    );
  }
  expect(api.requests).toHaveLength(9);
  const written = [everyByte(bench.root), ...bench.log, ...messages].join('\n');
  for (const form of forms) expect(written).not.toContain(form);
  // What was looked through is what was written.
  expect(written).toContain('page-00002.json.gz');
  expect(written).toContain('***');
  expect(messages.join('\n')).toMatch(/redirects to y\.test[\s\S]*invalid_access_key[\s\S]*without a list/);
});
