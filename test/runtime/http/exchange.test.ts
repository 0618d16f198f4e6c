import { getEventListeners } from 'node:events';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { exchange, MAX_BODY_BYTES } from '../../../src/runtime/adapters/http/exchange.ts';
import { startApi, truncated } from './api.ts';

const signal = new AbortController().signal;
const ask = (url: string, timeout = 10_000, stop = signal) => exchange(new URL(url), {}, timeout, stop);
const body = Buffer.from('{"name":"Zürich – 東京","n": 1.0}\n');

test.each([
  ['nothing', undefined, body],
  ['gzip', 'gzip', gzipSync(body)],
  ['deflate', 'deflate', deflateSync(body)],
  ['br', 'br', brotliCompressSync(body)],
])('the body is kept byte for byte under %s', async (_, encoding, sent) => {
  const api = await startApi((_asked, response) => {
    response
      .writeHead(418, { 'retry-after': '3', ...(encoding && { 'content-encoding': encoding }) })
      .end(sent);
  });
  expect(await ask(api.url)).toEqual({ kind: 'answer', status: 418, body, retryAfter: '3' });
});

test('a request leaves no listener on the signal of its run', async () => {
  const run = new AbortController();
  const api = await startApi((_, response) => void response.end('{}'));
  await ask(api.url, 10_000, run.signal);
  await ask('http://127.0.0.1:1/', 10_000, run.signal);
  expect(getEventListeners(run.signal, 'abort')).toHaveLength(0);
});

test('a redirect is not followed', async () => {
  const api = await startApi((_, response) => {
    response.writeHead(302, { location: 'http://elsewhere.test/' }).end();
  });
  expect(await ask(api.url)).toMatchObject({ status: 302, location: 'http://elsewhere.test/' });
  expect(api.requests).toHaveLength(1);
});

test('nobody at the door', async () => {
  expect(await ask('http://127.0.0.1:1/?access_key=x')).toEqual({
    kind: 'broken',
    status: null,
    reason: 'the connection was refused',
  });
});

test('a reset, a cut body and a broken compression are no answer', async () => {
  const api = await startApi(({ number }, response) => {
    if (number === 1) response.socket?.resetAndDestroy();
    else if (number === 2) truncated(response, { data: 'x'.repeat(1000) });
    else response.writeHead(200, { 'content-encoding': 'gzip' }).end('this is not gzip');
  });
  expect(await ask(api.url)).toMatchObject({ kind: 'broken', reason: 'the connection broke off' });
  expect(await ask(api.url)).toMatchObject({
    kind: 'broken',
    reason: 'the connection broke off in the middle of the answer',
  });
  expect(await ask(api.url)).toMatchObject({ reason: 'the answer could not be decompressed' });
});

test('the timeout is for the whole of it, a body that never ends too', async () => {
  const api = await startApi(({ number }, response) => {
    if (number === 2) response.writeHead(200).write('{"data":[');
  });
  const expected = { kind: 'broken', reason: 'no whole answer within 150 ms' };
  expect(await ask(api.url, 150)).toMatchObject(expected);
  expect(await ask(api.url, 150)).toMatchObject({ ...expected, status: 200 });
});

test('an abort ends it with its own reason, before and in the middle', async () => {
  const stop = new AbortController();
  const api = await startApi((_, response) => {
    response.writeHead(200).write('{"data":[', () => stop.abort(new Error('enough')));
  });
  await expect(ask(api.url, 10_000, stop.signal)).rejects.toThrow('enough');
  await expect(ask(api.url, 10_000, stop.signal)).rejects.toThrow('enough');
  expect(api.requests).toHaveLength(1);
});

test('a body above the limit is given up as soon as it is one, compressed or not', async () => {
  const bomb = gzipSync(Buffer.alloc(MAX_BODY_BYTES + 1));
  const api = await startApi((_, response) => {
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb);
  });
  expect(await ask(api.url)).toEqual({ kind: 'too_large', status: 200 });
});
