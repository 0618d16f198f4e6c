import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from 'vitest';
import { createGcsStore } from '../../../src/runtime/adapters/gcs/gcs-store.ts';
import type { Patience } from '../../../src/runtime/adapters/gcs/retries.ts';
import type { ObjectStore } from '../../../src/runtime/ports/object-store.ts';
import { EXIT } from '../../../src/spec/exit-codes.ts';
import { collect } from '../http/collect.ts';
import { folder, names, put, sha256, text } from './contract.ts';
import { type Emulator, startEmulator } from './emulator.ts';
import { type Fault, type Front, startFront } from './front.ts';

const QUICK: Patience = { first: 5, longest: 50, deadline: 20_000, silence: 10_000 };
const MEBIBYTE = 1024 * 1024;
const UPLOAD = /^POST .*uploadType=multipart/;
const CHUNK = /^PUT .*upload_id=/;
const MEDIA = /^GET .*alt=media/;
const ANY = /./;

let emulator: Emulator;
let front: Front;

beforeAll(async () => {
  emulator = await startEmulator();
  await emulator.createBucket('bucket');
  front = await startFront(emulator.url);
});

afterAll(async () => {
  await front?.[Symbol.asyncDispose]();
  await emulator?.[Symbol.asyncDispose]();
});

beforeEach(() => {
  front.calm();
  front.requests.length = 0;
});

function open(changes: Partial<Patience> = {}, signal = new AbortController().signal): ObjectStore {
  const location = { bucket: 'bucket', prefix: randomBytes(6).toString('hex'), endpoint: front.url };
  return createGcsStore(location, signal, { ...QUICK, ...changes });
}

const sent = (match: RegExp) => front.requests.filter(({ method, url }) => match.test(`${method} ${url}`));
const answer = (status: number, reason = 'asked to fail'): Fault => ({
  kind: 'answer',
  status,
  body: JSON.stringify({ error: { code: status, message: reason, errors: [{ reason }] } }),
});

const PASSING: [string, Fault][] = [
  ['408', answer(408)],
  ['429', answer(429)],
  ['500', answer(500)],
  ['502 in HTML', { kind: 'answer', status: 502, body: '<html>Bad gateway</html>' }],
  ['503 with Retry-After', { ...answer(503), headers: { 'retry-after': '0' } } as Fault],
  ['504', answer(504)],
  ['403 for too many requests', answer(403, 'rateLimitExceeded')],
  ['a reset connection', { kind: 'reset' }],
  ['a lost answer', { kind: 'lost-answer' }],
  ['half an answer', { kind: 'cut-answer', after: 20 }],
];

describe('what passes is tried again', () => {
  const content = randomBytes(100_000);

  it.each(PASSING)('%s: at every request of every operation', async (_, fault) => {
    await everyOperation(fault);
    // The last removal may end before its second fault: what is gone stays gone.
    expect(front.calm()).toBeLessThanOrEqual(1);
  });

  it('late answers: no repeat', async () => {
    await everyOperation({ kind: 'late', by: 30 });
    expect(sent(UPLOAD)).toHaveLength(3);
  });

  async function everyOperation(fault: Fault): Promise<void> {
    const store = open();
    const all = () => front.fail(ANY, fault, fault);
    all();
    await store.putIfAbsent('a/one', { bytes: content }, sha256(content));
    all();
    await store.putIfAbsent('a/one', { bytes: content }, sha256(content));
    all();
    await store.overwrite('a/two', Buffer.from('receipt'));
    all();
    expect((await store.read('a/one'))?.length).toBe(content.length);
    all();
    expect(await store.read('a/none')).toBeUndefined();
    all();
    expect(readFileSync(await store.localPath('a/one', folder())).equals(content)).toBe(true);
    all();
    const chunks = await collect((await store.open('a/one')) as AsyncIterable<Buffer>);
    expect(Buffer.concat(chunks).equals(content)).toBe(true);
    all();
    const [one] = await collect(store.list(''));
    expect(one).toMatchObject({ name: 'a/one', size: content.length });
    all();
    await store.remove('a/two');
    all();
    if (one !== undefined) await store.removeUnchanged(one);
  }

  it('an answer that was lost: the repeat finds its own object', async () => {
    const store = open();
    front.fail(UPLOAD, { kind: 'lost-answer' });
    expect(await put(store, 'page', 'x'.repeat(1000))).toMatchObject({ size: 1000 });
    expect(sent(UPLOAD)).toHaveLength(2);
    expect((await text(store, 'page'))?.length).toBe(1000);
  });

  it('an answer that was lost, and another writer with other content: a defect', async () => {
    const store = open();
    await put(store, 'page', 'theirs');
    front.fail(UPLOAD, { kind: 'reset' });
    await expect(put(store, 'page', 'ours')).rejects.toMatchObject({ exit: EXIT.defect });
    expect(await text(store, 'page')).toBe('theirs');
  });

  it('an upload that is cut off: nothing is seen of it until it is whole', async () => {
    const store = open();
    front.fail(UPLOAD, { kind: 'cut-request', after: 50_000 }, { kind: 'cut-request', after: 10 });
    await store.putIfAbsent('page', { bytes: content }, sha256(content));
    expect(sent(UPLOAD)).toHaveLength(3);
    expect(sha256((await store.read('page')) ?? Buffer.of())).toBe(sha256(content));
  });

  it('bytes that do not arrive as they were sent: sent again', async () => {
    const store = open();
    front.fail(UPLOAD, { kind: 'damaged-request' });
    await store.putIfAbsent('page', { bytes: content }, sha256(content));
    expect(sent(UPLOAD)).toHaveLength(2);
    expect(sha256((await store.read('page')) ?? Buffer.of())).toBe(sha256(content));
  });

  it('a damaged answer: read again, by read and localPath; a stream fails at its end', async () => {
    const store = open();
    await store.putIfAbsent('page', { bytes: content }, sha256(content));
    front.fail(MEDIA, { kind: 'damaged-answer' }, { kind: 'damaged-answer' });
    expect(sha256((await store.read('page')) ?? Buffer.of())).toBe(sha256(content));
    expect(sent(MEDIA)).toHaveLength(3);
    front.fail(MEDIA, { kind: 'damaged-answer' });
    const copies = folder();
    const path = await store.localPath('page', copies);
    expect(readFileSync(path).equals(content)).toBe(true);
    expect(readdirSync(copies)).toHaveLength(1);
    front.fail(MEDIA, { kind: 'damaged-answer' });
    const stream = await store.open('page');
    await expect(collect(stream as AsyncIterable<Buffer>)).rejects.toMatchObject({
      exit: EXIT.temporary,
      message: expect.stringContaining('has not the checksum'),
    });
  });

  it('a reading that is cut off: only what is missing is asked for', async () => {
    const store = open();
    await store.putIfAbsent('page', { bytes: content }, sha256(content));
    front.fail(MEDIA, { kind: 'cut-answer', after: 60_000 }, { kind: 'cut-answer', after: 30_000 });
    expect(sha256((await store.read('page')) ?? Buffer.of())).toBe(sha256(content));
    expect(sent(MEDIA).map(({ headers }) => headers.range)).toEqual([
      undefined,
      'bytes=60000-',
      'bytes=90000-',
    ]);
  });

  it('silence: the connection is given up and the request sent again', async () => {
    const store = open({ silence: 200 });
    front.fail(UPLOAD, { kind: 'silent' });
    await put(store, 'page', 'x');
    expect(sent(UPLOAD)).toHaveLength(2);
  });

  it('a page of a listing: the rest follows, each name once', async () => {
    const store = open();
    const all = Array.from({ length: 1_050 }, (_, index) => `n/${String(index).padStart(5, '0')}`);
    for (let from = 0; from < all.length; from += 50) {
      await Promise.all(all.slice(from, from + 50).map((name) => put(store, name, 'x')));
    }
    front.fail(/^GET .*pageToken=/, answer(503), { kind: 'cut-answer', after: 30 });
    expect(await names(store, 'n/')).toEqual(all);
    expect(sent(/^GET .*pageToken=/)).toHaveLength(3);
  });
});

describe('an upload in chunks', () => {
  const size = 20 * MEBIBYTE + 17;
  const content = randomBytes(size);
  const digest = sha256(content);

  async function upload(store: ObjectStore): Promise<void> {
    const file = join(folder(), 'large');
    writeFileSync(file, content);
    await store.putIfAbsent('large', { file }, digest);
    expect(sha256((await store.read('large')) ?? Buffer.of())).toBe(digest);
  }

  it('goes on where it was cut off, and sends nothing twice that the server has', async () => {
    front.fail(CHUNK, { kind: 'cut-request', after: 3 * MEBIBYTE });
    await upload(open());
    const ranges = sent(CHUNK).map(({ headers }) => headers['content-range']);
    expect(ranges.slice(0, 2)).toEqual([`bytes 0-8388607/${size}`, `bytes */${size}`]);
    // How much of the broken chunk had arrived is the network's affair: a multiple of 256 KiB.
    const next = Number(/^bytes (\d+)-/.exec(ranges[2] ?? '')?.[1]);
    expect(next).toBeGreaterThan(0);
    expect(next % (256 * 1024)).toBe(0);
  });

  it.each(PASSING.map(([name, fault]) => [name, fault] as const))('%s at a chunk', async (_, fault) => {
    front.fail(CHUNK, fault, fault);
    await upload(open());
    expect(front.calm()).toBe(0);
  });

  it('the answer to the last chunk is lost: the server is asked, and has it', async () => {
    front.fail(new RegExp(CHUNK), { kind: 'late', by: 1 }, { kind: 'late', by: 1 }, { kind: 'lost-answer' });
    await upload(open());
    expect(sent(CHUNK).map(({ headers }) => headers['content-range'])).toEqual([
      `bytes 0-8388607/${size}`,
      `bytes 8388608-16777215/${size}`,
      `bytes 16777216-${size - 1}/${size}`,
      `bytes */${size}`,
    ]);
  });

  it('the server has forgotten it: it begins anew', async () => {
    front.fail(CHUNK, { kind: 'late', by: 1 }, answer(410));
    await upload(open());
    expect(sent(/uploadType=resumable&/).filter(({ method }) => method === 'POST')).toHaveLength(2);
  });

  it('the server takes nothing of a chunk: asked, and sent again after a pause', async () => {
    front.fail(CHUNK, answer(308), answer(308));
    await upload(open());
    const ranges = sent(CHUNK).map(({ headers }) => headers['content-range']);
    expect(ranges.slice(0, 3)).toEqual([
      `bytes 0-8388607/${size}`,
      `bytes */${size}`,
      `bytes 0-8388607/${size}`,
    ]);
  });

  it('arrives damaged: it begins anew', async () => {
    front.fail(CHUNK, { kind: 'damaged-request' });
    await upload(open());
    expect(sent(/^POST .*uploadType=resumable/)).toHaveLength(2);
  });

  it('reads a file chunk by chunk, 8 MiB a request', async () => {
    const store = open();
    const file = join(folder(), 'large');
    writeFileSync(file, Buffer.alloc(0));
    const hundred = Buffer.alloc(MEBIBYTE, 7);
    for (let count = 0; count < 48; count++) writeFileSync(file, hundred, { flag: 'a' });
    const whole = sha256(readFileSync(file));
    const sizes = () => sent(CHUNK).map(({ size: bytes }) => bytes);
    await store.putIfAbsent('flat', { file }, whole);
    expect(sizes()).toEqual(Array.from({ length: 6 }, () => 8 * MEBIBYTE));
  });
});

describe('what does not pass', () => {
  it('ends as temporary after the deadline, with what was heard last and how often', async () => {
    const store = open({ deadline: 200 });
    front.fail(ANY, ...Array.from({ length: 100 }, () => answer(503, 'overloaded')));
    await expect(put(store, 'page', 'x')).rejects.toMatchObject({
      exit: EXIT.temporary,
      message: expect.stringMatching(
        /^write gs:\/\/bucket\/\w+\/page: HTTP 503 \(overloaded\); tried \d+ times in \d+ s: run again/,
      ),
    });
    expect(sent(ANY).length).toBeGreaterThan(1);
  });

  it('waits no longer than the deadline for a Retry-After beyond it', async () => {
    const store = open();
    front.fail(ANY, { ...answer(503), headers: { 'retry-after': '36000' } } as Fault);
    await expect(store.read('page')).rejects.toMatchObject({ exit: EXIT.temporary });
    expect(sent(ANY)).toHaveLength(1);
  });

  it('nobody there: temporary', async () => {
    const gone = await startFront(emulator.url);
    await gone[Symbol.asyncDispose]();
    const location = { bucket: 'bucket', prefix: 'x', endpoint: gone.url };
    const store = createGcsStore(location, new AbortController().signal, { ...QUICK, deadline: 100 });
    await expect(store.read('page')).rejects.toMatchObject({
      exit: EXIT.temporary,
      message: expect.stringMatching(/no answer from 127\.0\.0\.1:\d+ \(ECONNREFUSED\)/),
    });
  });

  it.each([
    [401, EXIT.configuration, /refused the credentials, HTTP 401 \(asked to fail\)/],
    [403, EXIT.configuration, /roles\/storage\.objectUser\) on the bucket bucket$/],
    [400, EXIT.defect, /did not understand a request of pipegen, HTTP 400/],
  ] as const)('%i is not tried again', async (status, exit, message) => {
    const store = open();
    const operations = [
      () => put(store, 'page', 'x'),
      () => store.overwrite('page', Buffer.from('x')),
      () => store.read('page'),
      () => store.open('page'),
      () => store.localPath('page', folder()),
      () => collect(store.list('')),
      () => store.remove('page'),
    ];
    for (const operation of operations) {
      front.fail(ANY, answer(status));
      await expect(operation()).rejects.toMatchObject({ exit, message: expect.stringMatching(message) });
      expect(front.calm()).toBe(0);
    }
    expect(sent(ANY)).toHaveLength(operations.length);
  });

  it('a bucket that is not there: by its name, at every operation', async () => {
    const missing = { bucket: 'no-such-bucket', prefix: '', endpoint: front.url };
    const store = createGcsStore(missing, new AbortController().signal, QUICK);
    const refused = {
      exit: EXIT.configuration,
      message: expect.stringMatching(/^there is no bucket "no-such-bucket".*set store\.bucket/),
    };
    const large = Buffer.alloc(11 * MEBIBYTE);
    for (const operation of [
      () => put(store, 'page', 'x'),
      () => store.putIfAbsent('large', { bytes: large }, sha256(large)),
      () => store.overwrite('page', Buffer.from('x')),
      () => store.read('page'),
      () => store.open('page'),
      () => store.localPath('page', folder()),
      () => collect(store.list('')),
      () => store.remove('page'),
    ]) {
      await expect(operation()).rejects.toMatchObject(refused);
    }
  });

  it('a prefix that no object can be below', () => {
    const at = (prefix: string) => () =>
      createGcsStore({ bucket: 'bucket', prefix, endpoint: front.url }, new AbortController().signal);
    for (const prefix of ['..', 'a/../b', 'a//b', '.', '\n']) {
      expect(at(prefix)).toThrow(/store\.prefix is .* which no object can be below/);
    }
    expect(at('/data/raw/')().location).toBe('gs://bucket/data/raw');
    expect(at('')().location).toBe('gs://bucket');
  });
});

describe('an order to stop', () => {
  it('ends a request without an answer, a pause, a transfer; the last receipt is still written', async () => {
    const controller = new AbortController();
    const store = open({ first: 10_000, longest: 10_000 }, controller.signal);
    front.fail(/page-1/, { kind: 'silent' });
    front.fail(/page-2/, answer(503));
    const working = [put(store, 'other', 'x'.repeat(10)), store.read('page-1'), store.read('page-2')];
    const ended = Promise.allSettled(working);
    await expect.poll(() => sent(ANY).length).toBeGreaterThanOrEqual(3);
    await working[0];
    controller.abort(new Error('stop'));
    const [, one, two] = await ended;
    expect(one).toMatchObject({ status: 'rejected', reason: { exit: EXIT.stopped } });
    expect(two).toMatchObject({ status: 'rejected', reason: { exit: EXIT.stopped } });
    await expect(store.read('page-3')).rejects.toMatchObject({ exit: EXIT.stopped });
    await store.overwrite('receipt', Buffer.from('failed'));
  });
});

describe('bytes as they are', () => {
  test('a gzip file stays one, also where the object says that it is one', async () => {
    const store = open();
    const page = gzipSync('{"data":[]}'.repeat(1000));
    await store.putIfAbsent('page.json.gz', { bytes: page }, sha256(page));
    expect(sha256((await store.read('page.json.gz')) ?? Buffer.of())).toBe(sha256(page));
    expect(sent(MEDIA)[0]?.headers['accept-encoding']).toBe('gzip');
    front.fail(MEDIA, {
      kind: 'answer',
      status: 200,
      headers: {
        'content-encoding': 'gzip',
        'x-goog-generation': '1',
        'x-goog-hash': 'crc32c=AAAAAA==,md5=1B2M2Y8AsgTpgAmY7PhCfg==',
      },
    });
    expect((await store.read('page.json.gz'))?.length).toBe(0);
  });

  test('an object that others put beside ours is left out where it has no name of ours', async () => {
    const store = open();
    const prefix = store.location.slice('gs://bucket/'.length);
    for (const name of ['folder/', 'a//b', 'fine']) {
      const url = `${emulator.url}/upload/storage/v1/b/bucket/o?uploadType=media&name=${encodeURIComponent(`${prefix}/${name}`)}`;
      expect((await fetch(url, { method: 'POST', body: 'x' })).ok).toBe(true);
    }
    expect(await names(store, '')).toEqual(['fine']);
  });

  test('without an MD5 it was not written by pipegen', async () => {
    const store = open();
    front.fail(MEDIA, { kind: 'answer', status: 200, headers: { 'x-goog-generation': '1' }, body: 'x' });
    await expect(store.read('composed')).rejects.toMatchObject({
      exit: EXIT.configuration,
      message: expect.stringContaining('has no MD5, so it was not written by pipegen'),
    });
  });
});
