import { getEventListeners } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import { createAgents } from '../../../src/runtime/adapters/http/agents.ts';
import { exchange, type Limits } from '../../../src/runtime/adapters/http/exchange.ts';
import { startApi, truncated } from './api.ts';

const MIB = 1024 ** 2;
const limits: Limits = { total: 30_000, connect: 30_000, idle: 30_000, bytes: MIB, allowLinkLocal: false };
const agents = createAgents({ allowLinkLocal: false, environment: {} });
const never = new AbortController().signal;

const ask = (url: string, other: Partial<Limits> = {}, signal = never) =>
  exchange({ method: 'GET', url: new URL(url), headers: {} }, agents, { ...limits, ...other }, signal);

const body = Buffer.from('{"name":"Zürich – 東京","n": 1.0}\n'.repeat(50));

test.each([
  ['nothing', undefined, body],
  ['gzip', 'gzip', gzipSync(body)],
  ['GZip', 'GZip', gzipSync(body)],
  ['two members of gzip', 'gzip', Buffer.concat([gzipSync(body.subarray(0, 9)), gzipSync(body.subarray(9))])],
  ['deflate', 'deflate', deflateSync(body)],
  ['deflate without its header', 'deflate', deflateRawSync(body)],
  ['br', 'br', brotliCompressSync(body)],
  ['br inside gzip', 'br, gzip', gzipSync(brotliCompressSync(body))],
])('the body is kept byte for byte under %s', async (_, encoding, sent) => {
  const api = await startApi((_asked, response) => {
    response
      .writeHead(418, { 'retry-after': '3', ...(encoding && { 'content-encoding': encoding }) })
      .end(sent);
  });
  const came = await ask(api.url);
  expect(came).toMatchObject({ kind: 'answer', status: 418, headers: { 'retry-after': '3' } });
  expect(came.kind === 'answer' && came.body.equals(body)).toBe(true);
  expect(api.requests[0]?.headers['accept-encoding']).toBe('gzip, deflate, br');
});

test.each([
  ['gzip', gzipSync(body)],
  ['deflate', deflateSync(body)],
  ['br', brotliCompressSync(body)],
])('a body that %s was cut out of is no answer, although HTTP says it is whole', async (encoding, sent) => {
  const api = await startApi((_asked, response) => {
    const cut = sent.subarray(0, sent.length - 5);
    response.writeHead(200, { 'content-encoding': encoding, 'content-length': cut.length }).end(cut);
  });
  expect(await ask(api.url)).toEqual({
    kind: 'broken',
    status: 200,
    reason: 'the answer could not be decompressed',
  });
});

test.each([
  ['gzip', gzipSync(body)],
  ['deflate', deflateSync(body)],
  ['br', brotliCompressSync(body)],
])('a body damaged under %s is no answer', async (encoding, sent) => {
  const damaged = Buffer.from(sent);
  for (let at = 12; at < damaged.length; at += 3) damaged[at] = 0xff;
  const api = await startApi((_asked, response) => {
    response.writeHead(200, { 'content-encoding': encoding }).end(damaged);
  });
  expect(await ask(api.url)).toMatchObject({ reason: 'the answer could not be decompressed' });
});

test('an encoding that was not asked for is no answer, nor one wrapped many times', async () => {
  const api = await startApi(({ number }, response) => {
    response
      .writeHead(200, { 'content-encoding': number === 1 ? 'zstd' : 'gzip, gzip, gzip, gzip' })
      .end(body);
  });
  expect(await ask(api.url)).toMatchObject({
    kind: 'broken',
    reason: 'the answer is compressed by zstd, which was not asked for',
  });
  expect(await ask(api.url)).toMatchObject({ reason: 'the answer is compressed 4 times over' });
});

test('an answer without a body has no encoding', async () => {
  const api = await startApi(({ number }, response) => {
    response.writeHead(number === 1 ? 204 : 200, { 'content-encoding': 'gzip', 'content-length': '0' }).end();
  });
  for (const status of [204, 200]) {
    expect(await ask(api.url)).toMatchObject({ kind: 'answer', status, body: Buffer.alloc(0) });
  }
});

test('a request leaves no listener on the signal of its run', async () => {
  const run = new AbortController();
  const api = await startApi((_, response) => void response.end('{}'));
  await ask(api.url, {}, run.signal);
  await ask('http://127.0.0.1:1/', {}, run.signal);
  expect(getEventListeners(run.signal, 'abort')).toHaveLength(0);
});

test('requests after one another use the same connection', async () => {
  const ports = new Set<number | undefined>();
  const api = await startApi((_, response) => {
    ports.add(response.socket?.remotePort);
    response.end('{}');
  });
  for (let count = 0; count < 5; count += 1) await ask(api.url);
  expect(api.requests).toHaveLength(5);
  expect(ports.size).toBe(1);
});

test('a redirect is not followed', async () => {
  const api = await startApi((_, response) => {
    response.writeHead(302, { location: 'http://elsewhere.test/' }).end();
  });
  expect(await ask(api.url)).toMatchObject({ status: 302, headers: { location: 'http://elsewhere.test/' } });
  expect(api.requests).toHaveLength(1);
});

test('nobody at the door', async () => {
  expect(await ask('http://127.0.0.1:1/?access_key=x')).toEqual({
    kind: 'broken',
    status: null,
    reason: 'the connection was refused',
  });
});

test('a reset and a cut body are no answer', async () => {
  const api = await startApi(({ number }, response) => {
    if (number === 1) response.socket?.resetAndDestroy();
    else truncated(response, { data: 'x'.repeat(1000) });
  });
  expect(await ask(api.url)).toMatchObject({ kind: 'broken', reason: 'the connection broke off' });
  expect(await ask(api.url)).toMatchObject({
    kind: 'broken',
    reason: 'the connection broke off in the middle of the answer',
  });
});

test('timeout is for the whole of it, also where bytes keep coming', async () => {
  let drip: NodeJS.Timeout | undefined;
  const api = await startApi((_, response) => {
    response.writeHead(200).write('{"data":[');
    drip = setInterval(() => response.write(' '), 5);
  });
  onTestFinished(() => clearInterval(drip));
  expect(await ask(api.url, { total: 200, idle: 150 })).toEqual({
    kind: 'broken',
    status: 200,
    reason: 'no whole answer within 200 ms (timeout)',
  });
});

test('idle_timeout is for a silence, before the answer and in the middle of it', async () => {
  const api = await startApi(({ number }, response) => {
    if (number === 2) response.writeHead(200).write('{"data":[');
  });
  const reason = 'no byte came for 150 ms (idle_timeout)';
  expect(await ask(api.url, { idle: 150 })).toEqual({ kind: 'broken', status: null, reason });
  expect(await ask(api.url, { idle: 150 })).toEqual({ kind: 'broken', status: 200, reason });
});

test('connect_timeout is for a connection that never stands, and not for the answer', async () => {
  // Accepts the connection and never answers to TLS.
  const silent = createServer(() => undefined);
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void silent.close());
  const { port } = silent.address() as AddressInfo;
  expect(await ask(`https://127.0.0.1:${port}/`, { connect: 100 })).toEqual({
    kind: 'broken',
    status: null,
    reason: 'no connection within 100 ms (connect_timeout)',
  });
  const api = await startApi((_, response) => void setTimeout(() => response.end('{}'), 300));
  for (let count = 0; count < 2; count += 1) {
    expect(await ask(api.url, { connect: 100 })).toMatchObject({ kind: 'answer', status: 200 });
  }
});

test('an abort ends it with its own reason, before and in the middle', async () => {
  const stop = new AbortController();
  const api = await startApi((_, response) => {
    response.writeHead(200).write('{"data":[', () => stop.abort(new Error('enough')));
  });
  await expect(ask(api.url, {}, stop.signal)).rejects.toThrow('enough');
  await expect(ask(api.url, {}, stop.signal)).rejects.toThrow('enough');
  expect(api.requests).toHaveLength(1);
});

test('a body above the limit is given up as soon as it is one, and the connection with it', async () => {
  const bomb = gzipSync(Buffer.alloc(64 * MIB));
  let sent = 0;
  let closed = (): void => undefined;
  const gone = new Promise<void>((resolve) => {
    closed = resolve;
  });
  const api = await startApi(({ number }, response) => {
    if (number === 1) return void response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb);
    response.writeHead(200, { 'content-length': 1024 ** 3 });
    const more = () => {
      while (!response.destroyed && response.write(Buffer.alloc(MIB))) sent += MIB;
    };
    response.on('drain', more).on('close', closed);
    more();
  });
  expect(await ask(api.url)).toMatchObject({ kind: 'too_large', status: 200 });
  expect(await ask(api.url)).toMatchObject({ kind: 'too_large', status: 200 });
  await gone;
  expect(sent).toBeLessThan(64 * MIB);
});

test('of headers of one name the last counts, whatever its case', async () => {
  const api = await startApi((_, response) => void response.end('{}'));
  const headers = { accept: 'text/csv', 'user-agent': 'mine', 'X-One': 'a', 'x-one': 'b' };
  await exchange({ method: 'GET', url: new URL(api.url), headers }, agents, limits, never);
  expect(api.requests[0]?.headers).toMatchObject({ accept: 'text/csv', 'user-agent': 'mine', 'x-one': 'b' });
});
