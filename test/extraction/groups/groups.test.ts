import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ExtractDetails, Receipt } from '../../../src/runtime/receipt.ts';
import { writeReceipt } from '../../../src/runtime/receipts.ts';
import { EXIT } from '../../../src/spec/exit-codes.ts';
import { json } from '../../runtime/http/api.ts';
import { type Served, serve } from '../api-server.ts';
import { DAY, openRig } from '../rig.ts';
import { AIRLINES, ALL_IDS, airlineOf, answer, extractAll, lasting, slicedJob } from './rig.ts';

let server: Served;
beforeAll(async () => {
  server = await serve();
});
afterAll(() => server.close());

const group = (number: number, of = 4) => ({ number, of });

test('four groups leave what one container leaves, byte for byte, and ask for nothing twice', async () => {
  const api = server.mount(answer);
  using alone = openRig(slicedJob(api.url));
  expect((await alone.extract()).exit).toBe(EXIT.done);
  const asked = api.asked.map(({ url }) => url.search);
  expect((await alone.upload()).exit).toBe(EXIT.done);

  using shared = openRig(slicedJob(api.url, 4));
  expect((await extractAll(shared, 4)).map(({ exit }) => exit)).toEqual([0, 0, 0, 0]);
  expect(api.asked.slice(asked.length).map(({ url }) => url.search)).toEqual(asked);
  const uploaded = await shared.upload();
  expect(uploaded).toMatchObject({ exit: EXIT.done, message: '' });
  expect(uploaded.receipt?.rows).toMatchObject({ received: ALL_IDS.length, published: ALL_IDS.length });
  expect(uploaded.receipt?.details).toMatchObject({ total: ALL_IDS.length });

  expect(await lasting(shared)).toEqual(await lasting(alone));
  expect(await shared.published('id')).toEqual(ALL_IDS.map(String));
  expect(await shared.names('receipts/')).toEqual(
    ['extract-1-of-4', 'extract-2-of-4', 'extract-3-of-4', 'extract-4-of-4', 'upload'].map((name) =>
      expect.stringMatching(new RegExp(`/${name}\\.json$`)),
    ),
  );
});

test('one container that is given no share reads all slices, by the whole rate and budget, as `pipegen run` does', async () => {
  const api = server.mount(answer);
  const source = { max_requests: 19, rate_limit: { requests: 19, per: '1s' } };
  using rig = openRig(slicedJob(api.url, 4, { source }));
  const began = rig.clock.now();
  expect(await rig.extract()).toMatchObject({ exit: EXIT.done, receipt: { requests: 19 } });
  expect(rig.clock.now()).toBe(began);
  expect((await rig.upload()).exit).toBe(EXIT.done);
  expect(await rig.published('id')).toEqual(ALL_IDS.map(String));
});

test('upload needs the receipt of every group, finished, of the same job', async () => {
  const api = server.mount(answer);
  using rig = openRig(slicedJob(api.url, 4));
  const refused = async (message: RegExp) => {
    expect(await rig.upload()).toMatchObject({
      exit: EXIT.configuration,
      message: expect.stringMatching(message),
    });
    expect(await rig.names('published/')).toEqual([]);
  };
  await refused(/^extract has left no receipt in this run/);
  for (const number of [1, 2, 4]) await rig.extract({ group: group(number) });
  await refused(/^extract \[2\] \(group 3 of 4\) has left no receipt in this run: run extract \[2\]/);

  const { receipt } = await rig.extract({ group: group(3) });
  if (receipt === undefined) throw new Error('no receipt');
  // What a pod leaves that was killed after its work.
  await writeReceipt(rig.store, { ...receipt, status: 'running' });
  await refused(
    /^extract \[2\] \(group 3 of 4\) of 2026-01-31 did not finish \(its receipt says "running"\)/,
  );
  await writeReceipt(rig.store, { ...receipt, status: 'failed' });
  await refused(/^extract \[2\] \(group 3 of 4\) of 2026-01-31 did not finish \(its receipt says "failed"\)/);
  await writeReceipt(rig.store, { ...receipt, job: '0000000000000000' });
  await refused(/^the pipeline changed between extract \[2\] \(group 3 of 4\) and this step/);

  await writeReceipt(rig.store, receipt);
  expect((await rig.upload()).exit).toBe(EXIT.done);
});

test('receipts of another number of groups are not taken for those of this one', async () => {
  const api = server.mount(answer);
  using before = openRig(slicedJob(api.url, 3));
  await extractAll(before, 3);
  using after = openRig(slicedJob(api.url, 4), { root: before.root });
  expect((await after.upload()).message).toMatch(
    /^the pipeline changed between extract \[0\] \(group 1 of 3\)/,
  );
  await after.extract({ group: group(1) });
  expect((await after.upload()).message).toMatch(/^extract \[1\] \(group 2 of 4\) has left no receipt/);
});

test('a group that failed is retried alone, from the pages that it had landed', async () => {
  let broken = true;
  const api = server.mount((asked, response) => {
    const third = asked.url.searchParams.get('offset') === '4';
    if (broken && third && airlineOf(asked.url) === 'DL') json(response, {}, 503);
    else answer(asked, response);
  });
  using rig = openRig(slicedJob(api.url, 4, { source: { retry: { attempts: 1 } } }));
  const ended = await extractAll(rig, 4, { maxTries: 3 });
  expect(ended.map(({ exit }) => exit)).toEqual([0, EXIT.temporary, 0, 0]);
  expect((await rig.upload()).message).toMatch(/^extract \[1\] \(group 2 of 4\) of .* did not finish/);
  broken = false;
  const asked = api.requests;
  const again = await rig.extract({ group: group(2), maxTries: 3 });
  expect(again).toMatchObject({ exit: EXIT.done, receipt: { requests: 6 + 1 } });
  // DL goes on with its third page, BA is landed whole.
  expect(api.asked.slice(asked).map(({ url }) => url.searchParams.get('offset'))).toEqual(['4']);
  expect((await rig.upload()).exit).toBe(EXIT.done);
  expect(await rig.published('id')).toEqual(ALL_IDS.map(String));
});

test('a group that failed for good is not retried by itself, and is when its task is cleared', async () => {
  let wrong = true;
  const api = server.mount((asked, response) => {
    if (wrong && airlineOf(asked.url) === 'LH')
      json(response, { error: { code: 'invalid_access_key' } }, 401);
    else answer(asked, response);
  });
  using rig = openRig(slicedJob(api.url, 4));
  const ended = await extractAll(rig, 4, { maxTries: 3 });
  expect(ended.map(({ exit }) => exit)).toEqual([0, 0, EXIT.configuration, 0]);
  wrong = false;
  const asked = api.requests;
  expect(await rig.extract({ group: group(3), maxTries: 3 })).toMatchObject({
    exit: EXIT.configuration,
    message: expect.stringContaining('not tried again'),
  });
  expect(api.requests).toBe(asked);
  // The others know nothing of it: what is landed of them costs no request.
  expect((await rig.extract({ group: group(2), maxTries: 3 })).exit).toBe(EXIT.done);
  expect(api.requests).toBe(asked);
  expect((await rig.extract({ group: group(3), maxTries: 4 })).exit).toBe(EXIT.done);
  expect((await rig.upload()).exit).toBe(EXIT.done);
  expect(await rig.published('id')).toEqual(ALL_IDS.map(String));
});

test('a cleared group is read anew, and upload takes its new pages beside the old ones of the others', async () => {
  const api = server.mount(answer);
  using rig = openRig(slicedJob(api.url, 4));
  await extractAll(rig, 4, { maxTries: 3 });
  expect((await rig.upload()).exit).toBe(EXIT.done);
  const asked = api.requests;
  expect((await rig.extract({ group: group(4), maxTries: 4 })).exit).toBe(EXIT.done);
  expect(new Set(api.asked.slice(asked).map(({ url }) => airlineOf(url)))).toEqual(new Set(['NH', 'QF']));
  const { receipt } = await rig.upload();
  expect(receipt).toMatchObject({ status: 'done', generation: 4 });
  const generations = (await rig.published('_pipegen_source_file')).map((name) => String(name).split('/')[4]);
  expect([...new Set(generations)]).toEqual(['3', '4']);
  expect(await rig.published('id')).toEqual(ALL_IDS.map(String));
  // The age of the data is that of the oldest.
  const first = await rig.receipt('extract', group(1));
  expect(receipt?.details).toMatchObject({
    extracted_at: (first as Receipt<ExtractDetails>).details?.extracted_at,
  });
});

test('the groups have shares of the budget, and say so', async () => {
  const api = server.mount(answer);
  // One slice each for three groups, two for the others: three requests for each slice but that of JL.
  using rig = openRig(slicedJob(api.url, 4, { source: { max_requests: 13 } }));
  const ended = await extractAll(rig, 4);
  expect(ended.map(({ exit, receipt }) => [exit, receipt?.requests])).toEqual([
    [EXIT.done, 3],
    [EXIT.configuration, 3],
    [EXIT.configuration, 3],
    [EXIT.configuration, 4],
  ]);
  expect(api.requests).toBe(13);
  expect(ended[1]?.message).toMatch(
    /^the budget of 3 requests that one of 4 groups has is used up.* Raise max_requests of the source/,
  );
});

test('the groups have shares of the rate', async () => {
  const api = server.mount(answer);
  using rig = openRig(slicedJob(api.url, 4, { source: { rate_limit: { requests: 6, per: '1s' } } }));
  const lengths: number[] = [];
  for (const { length } of AIRLINES.slice(0, 4)) {
    const began = rig.clock.now();
    expect(length).toBe(2);
    await rig.extract({ group: group(lengths.length + 1) });
    lengths.push(Math.round((rig.clock.now() - began) / 1000));
  }
  // 1, 2, 1 and 2 of the six tokens: 3, 6, 4 and 6 requests.
  expect(lengths).toEqual([2, 2, 3, 2]);
});

test.each([
  ['rate_limit', { rate_limit: { requests: 3, per: '1s' } }],
  ['max_requests', { max_requests: 3 }],
])('a group without a share of %s makes no request', async (key, source) => {
  const api = server.mount(answer);
  using rig = openRig(slicedJob(api.url, 4, { source }));
  expect(await rig.extract({ group: group(1) })).toMatchObject({
    exit: EXIT.configuration,
    message: expect.stringMatching(`^${key} has 3 requests for 4 groups of slices`),
  });
  expect(api.requests).toBe(0);
});

test('what is missing for some groups is nothing to do for them, and for all of them nothing at all', async () => {
  let there = new Set(['LH']);
  const api = server.mount((asked, response) => {
    if (there.has(airlineOf(asked.url))) answer(asked, response);
    else json(response, {}, 404);
  });
  // biome-ignore lint/suspicious/noThenProperty: the language's word for what follows
  const job = slicedJob(api.url, 4, { missing: { then: 'skip' } });
  using some = openRig(job);
  expect((await extractAll(some, 4)).map(({ exit }) => exit)).toEqual([99, 99, 0, 99]);
  expect((await some.upload()).exit).toBe(EXIT.done);
  expect(await some.published('id')).toEqual([400, 401, 402, 403, 404].map(String));

  there = new Set();
  using none = openRig(job);
  expect((await extractAll(none, 4)).map(({ exit }) => exit)).toEqual([99, 99, 99, 99]);
  expect((await none.upload()).receipt).toMatchObject({
    status: 'skipped',
    message: 'nothing to do: extract was skipped',
  });
});

test('whether a partition is empty is judged over the slices of all groups', async () => {
  const api = server.mount((_, response) => json(response, { data: [], total: 0 }));
  const job = slicedJob(api.url, 4);
  using rig = openRig({ ...job, load: { table: 'flights', mode: 'replace_partition', on_empty: 'fail' } });
  expect((await extractAll(rig, 4)).map(({ exit }) => exit)).toEqual([0, 0, 0, 0]);
  expect(await rig.upload()).toMatchObject({
    exit: EXIT.badData,
    message: expect.stringContaining('an empty partition never replaces a full one'),
  });
});

test('parents and their children go with their slice', async () => {
  const api = server.mount(({ url }, response) => {
    const parent = url.searchParams.get('parent');
    if (parent !== null)
      json(response, { data: [{ id: Number(parent) * 10 }, { id: Number(parent) * 10 + 1 }] });
    else json(response, { data: [1, 2].map((id) => ({ id: AIRLINES.indexOf(airlineOf(url)) * 10 + id })) });
  });
  const changes = {
    query: { parent: '${parent.id}' },
    paginate: { kind: 'none' as const },
    for_each: { as: 'parent', path: '/parents', query: { airline: '${slice.airline}' }, records: 'data' },
  };
  using alone = openRig(slicedJob(api.url, undefined, changes));
  await alone.extract();
  const requests = api.requests;
  expect(requests).toBe(AIRLINES.length * 3);
  expect((await alone.upload()).exit).toBe(EXIT.done);
  using shared = openRig(slicedJob(api.url, 2, changes));
  await extractAll(shared, 2);
  expect(api.requests).toBe(2 * requests);
  expect(await shared.upload()).toMatchObject({
    exit: EXIT.done,
    receipt: { rows: { published: AIRLINES.length * 4 } },
  });
  expect(await lasting(shared)).toEqual(await lasting(alone));
});

test('a group for which a short day has no window is skipped', async () => {
  const api = server.mount((_, response) => json(response, { data: [{ id: 1 }], total: 1 }));
  const job = slicedJob(api.url, undefined, {
    query: { from: '${slice.window.start}' },
    slices: { window: { every: '12h' }, pods: 3 },
  });
  using rig = openRig(job);
  const ended = await extractAll(rig, 3);
  expect(ended.map(({ exit }) => exit)).toEqual([EXIT.nothing, EXIT.done, EXIT.done]);
  expect(ended[0]?.receipt?.message).toBe(`nothing to do: ${DAY} has fewer slices than there are groups`);
  expect((await rig.upload()).receipt?.rows).toMatchObject({ received: 2 });
  expect(api.requests).toBe(2);
});
