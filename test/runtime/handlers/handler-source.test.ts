import { pino } from 'pino';
import { expect, test } from 'vitest';
import { BadData, Configuration, type SourceHandler, Temporary } from '../../../src/handlers/handlers.ts';
import { createHandlerSource } from '../../../src/runtime/adapters/handler/handler-source.ts';
import { createTransport } from '../../../src/runtime/adapters/http/create-transport.ts';
import { beginning, type Page, type Position } from '../../../src/runtime/ports/source.ts';
import { createRedactor } from '../../../src/runtime/redact.ts';
import { handlerSource } from '../../../src/spec/handler.ts';
import { json, startApi } from '../http/api.ts';
import { createVirtualClock } from '../http/virtual-clock.ts';

const SECRET = 'k/+=%é"-long-enough-to-mask';

interface Setting {
  spec?: Record<string, unknown>;
  files?: Record<string, string>;
  requestsUsed?: number;
}

/** A source of the handler, with everything that it logs and asks for. */
function open(handler: SourceHandler, setting: Setting = {}) {
  const source = handlerSource.parse({
    kind: 'handler',
    handler: 'handlers/erp.ts#readOrders',
    secrets: { token: 'ERP_TOKEN' },
    ...setting.spec,
  });
  const log: string[] = [];
  const redact = createRedactor([SECRET]);
  const clock = createVirtualClock();
  const secret = () => SECRET;
  const transport = createTransport({
    source,
    secret,
    redact,
    clock,
    random: () => 0.5,
    requestsUsed: setting.requestsUsed,
    environment: {},
  });
  const made = createHandlerSource({
    source,
    handler,
    transport,
    context: {
      job: { timezone: 'Europe/Berlin', handlers: setting.files ?? {} } as never,
      home: '/project',
      secret,
      redact,
      log: pino({ base: null }, { write: (line) => void log.push(redact(line)) }),
    },
  });
  let requests = 0;
  const count = () => {
    requests += 1;
  };
  const list = { of: 'records', partition: '2026-01-31', slice: 'west', values: {} } as const;
  const read = async (from: Readonly<Position> = beginning(), signal = new AbortController().signal) => {
    const pages: Page[] = [];
    let error: (Error & { exit?: number }) | undefined;
    try {
      for await (const page of made.read({ list, from, signal, onRequest: count })) {
        pages.push(page);
      }
    } catch (thrown) {
      error = thrown as Error;
    }
    return { pages, error, bodies: pages.map(({ body }) => Buffer.from(body).toString()) };
  };
  return { source: made, list, read, log, clock, requests: () => requests };
}

/** Two records a batch until `last`, from the checkpoint on. */
function counting(last: number, fail?: (n: number) => Error | undefined): SourceHandler<unknown, number> {
  return async function* ({ checkpoint = 0 }) {
    for (let n = checkpoint + 1; n <= last; n += 1) {
      const error = fail?.(n);
      if (error !== undefined) throw error;
      yield { records: [{ id: n }, { id: -n }], checkpoint: n, total: last * 2 };
    }
  };
}

test('each batch is a page with its checkpoint inside, and the last page says that it is the last', async () => {
  const { read, source, list } = open(counting(2) as SourceHandler);
  const { pages, bodies, error } = await read();
  expect(error).toBeUndefined();
  expect(bodies.map((body) => JSON.parse(body))).toEqual([
    { checkpoint: 1, total: 4, fingerprint: expect.any(String), records: [{ id: 1 }, { id: -1 }] },
    { checkpoint: 2, total: 4, fingerprint: expect.any(String), records: [{ id: 2 }, { id: -2 }] },
    { ended: true, records: [] },
  ]);
  expect(pages.map(({ index, records, total }) => [index, records, total])).toEqual([
    [1, 2, 4],
    [2, 2, 4],
    [3, 0, null],
  ]);
  // What is read back from the landing leads to the same places.
  let position: Position = beginning();
  for (const page of pages) {
    const again = await source.advance(list, position, page.body, null);
    expect(again.next).toEqual(page.next);
    position = again.next;
  }
  expect(position).toMatchObject({ ended: true, offset: 4, total: 4 });
  expect((await read(position)).pages).toEqual([]);
});

test('a retry goes on after what landed, and repeats none of it', async () => {
  let broken = true;
  const { read, source } = open(
    counting(4, (n) => (n === 3 && broken ? new Temporary('away') : undefined)) as SourceHandler,
  );
  const first = await read();
  expect(first.pages).toHaveLength(2);
  expect(first.error).toMatchObject({ exit: 75, message: expect.stringContaining('away') });
  broken = false;
  const from = first.pages[1]?.next ?? beginning();
  expect(source.resumable?.(from)).toBe(true);
  const second = await read(from);
  expect(second.bodies.map((body) => JSON.parse(body).checkpoint)).toEqual([3, 4, undefined]);
  expect(second.pages.map(({ index }) => index)).toEqual([3, 4, 5]);
});

test('without a checkpoint a reading can’t go on', async () => {
  const { read, source } = open(async function* () {
    yield { records: [1] };
  });
  const { pages } = await read();
  expect(source.resumable?.(beginning())).toBe(true);
  expect(source.resumable?.(pages[0]?.next ?? beginning())).toBe(false);
});

test('the context tells partition, slice, options and secrets', async () => {
  const { read, log } = open(
    async function* (context) {
      const { partition, slice, options, checkpoint } = context;
      context.log.info(`token ${context.secret('token')}`, { rows: 1 });
      yield { records: [{ partition, slice, options, checkpoint: checkpoint ?? 'none' }] };
    },
    { spec: { options: { region: 'west', list: [1] } } },
  );
  const { bodies } = await read();
  expect(JSON.parse(bodies[0] ?? '').records).toEqual([
    {
      partition: {
        date: '2026-01-31',
        start: '2026-01-31T00:00:00+01:00',
        end: '2026-02-01T00:00:00+01:00',
        timezone: 'Europe/Berlin',
      },
      slice: 'west',
      options: { region: 'west', list: [1] },
      checkpoint: 'none',
    },
  ]);
  expect(JSON.parse(log[0] ?? '')).toMatchObject({ msg: 'token ***', rows: 1, event: 'handler' });
});

test('what is asked for tells two versions of the code apart, and holds no secret', () => {
  const one = open(counting(1) as SourceHandler, { files: { 'handlers/erp.ts': '1' } });
  const other = open(counting(1) as SourceHandler, { files: { 'handlers/erp.ts': '2' } });
  expect(one.source.describe(one.list)).not.toBe(other.source.describe(other.list));
  expect(one.source.describe(one.list)).toContain('2026-01-31 west');
});

test('requests go through retries, the budget of the run and the mask', async () => {
  const api = await startApi(({ number, headers }, response) =>
    number === 1 ? json(response, {}, 503) : json(response, { echo: headers.authorization }),
  );
  const { read, requests, clock } = open(
    async function* ({ request, spend, secret }) {
      const answer = await request(`${api.url}/orders`, {
        headers: { Authorization: `Bearer ${encodeURIComponent(secret('token'))}` },
      });
      yield { records: [answer.json()] };
      await spend();
    },
    { spec: { max_requests: 3 } },
  );
  const { bodies, error } = await read();
  expect(error).toBeUndefined();
  expect(requests()).toBe(3);
  expect(clock.slept).toHaveLength(1);
  expect(JSON.parse(bodies[0] ?? '').records).toEqual([{ echo: 'Bearer ***' }]);
  const more = await read();
  expect(more.error).toMatchObject({
    exit: 78,
    message: expect.stringContaining('the budget of 3 requests'),
  });
});

test('a POST sends JSON; an answer that is an error ends the step by its status', async () => {
  const api = await startApi(({ url, headers }, response) =>
    url.pathname === '/gone'
      ? json(response, { why: 'moved' }, 404)
      : json(response, { type: headers['content-type'] }),
  );
  const { read } = open(async function* ({ request }) {
    yield { records: [(await request(`${api.url}/a`, { json: { a: 1 } })).json()] };
    await request(`${api.url}/gone`).catch((error) => {
      throw new BadData(`status ${error.status}`, { cause: error });
    });
  });
  const { bodies, error } = await read();
  expect(JSON.parse(bodies[0] ?? '').records).toEqual([{ type: 'application/json' }]);
  expect(error).toMatchObject({ exit: 65, message: expect.stringContaining('status 404') });
});

test('an answer that is not JSON is bad data where JSON is asked for', async () => {
  const api = await startApi((_, response) => void response.end('<html>'));
  const { read } = open(async function* ({ request }) {
    const answer = await request(api.url);
    yield { records: [answer.text()] };
    answer.json();
  });
  const { bodies, error } = await read();
  expect(JSON.parse(bodies[0] ?? '').records).toEqual(['<html>']);
  expect(error).toMatchObject({ exit: 65, message: expect.stringContaining('it begins with "<html>"') });
});

const failing = (error: unknown): SourceHandler =>
  // biome-ignore lint/correctness/useYield: it fails before
  async function* () {
    throw error;
  };

test.each<[string, SourceHandler, number, string]>([
  ['Temporary', failing(new Temporary('later')), 75, 'handlers/erp.ts#readOrders: later'],
  ['BadData', failing(new BadData('odd')), 65, 'odd'],
  ['Configuration', failing(new Configuration('no right')), 78, 'no right'],
  [
    'a bug',
    failing(new TypeError('x is not a function')),
    78,
    'threw TypeError: x is not a function. Correct',
  ],
  [
    'a broken connection',
    failing(
      new TypeError('fetch failed', { cause: Object.assign(new Error('reset'), { code: 'ECONNRESET' }) }),
    ),
    75,
    '(ECONNRESET). Try again later',
  ],
  ['a text', failing('plain'), 78, 'threw string plain'],
  ['no generator', (async () => []) as never, 78, 'returned no async generator'],
  [
    'a sync throw',
    (() => {
      throw new Error('at once');
    }) as never,
    78,
    'threw Error: at once',
  ],
  [
    'a batch that is none',
    async function* () {
      yield [1];
    } as never,
    78,
    'yielded a list, and a batch is needed',
  ],
  [
    'a batch without records',
    async function* () {
      yield { rows: [] };
    } as never,
    78,
    'an object without a list of records',
  ],
  [
    'records that JSON can’t hold',
    async function* () {
      yield { records: [Number.NaN] };
    } as never,
    78,
    "yielded records that JSON can't hold: it holds NaN",
  ],
  [
    'a checkpoint that JSON can’t hold',
    async function* () {
      yield { records: [], checkpoint: () => 1 };
    } as never,
    78,
    "yielded checkpoint that JSON can't hold",
  ],
  [
    'a total that is none',
    async function* () {
      yield { records: [], total: -1 };
    } as never,
    78,
    'yielded the total -1',
  ],
  [
    'an unknown secret',
    async function* ({ secret }) {
      yield { records: [secret('other')] };
    },
    78,
    'asks for the secret "other", which its source does not name: it names token',
  ],
])('%s ends the step by its meaning', async (_, handler, exit, message) => {
  const { error } = await open(handler).read();
  expect(error).toMatchObject({ exit, message: expect.stringContaining(message) });
});

test('a handler that yields the same for ever, or without end, is stopped', async () => {
  const same = open(async function* () {
    for (;;) yield { records: [1, 2] };
  });
  expect((await same.read()).error?.message).toContain('yielded the same 2 records twice in a row');
  const endless = open(
    async function* () {
      for (let n = 0; ; n += 1) yield { records: [n] };
    },
    { spec: { max_pages: 5 } },
  );
  const { pages, error } = await endless.read();
  expect(pages).toHaveLength(5);
  expect(error).toMatchObject({ exit: 78, message: expect.stringContaining('raise max_pages') });
});

test('a batch that is too large is refused', async () => {
  const { read } = open(
    async function* () {
      yield { records: ['x'.repeat(2000)] };
    },
    { spec: { max_response: '1KiB' } },
  );
  expect((await read()).error).toMatchObject({
    exit: 78,
    message: expect.stringContaining('1KiB are allowed'),
  });
});

test('stops with the signal also where the handler waits for what never comes', async () => {
  const stop = new AbortController();
  const { read } = open(async function* () {
    yield { records: [1], checkpoint: 1 };
    stop.abort(new Error('stopped'));
    await new Promise(() => undefined);
  });
  const { pages, error } = await read(beginning(), stop.signal);
  expect(pages).toHaveLength(1);
  expect(error?.message).toBe('stopped');
});

test('a consumer that stops early lets the handler clean up', async () => {
  let cleaned = false;
  const { source, list } = open(async function* () {
    try {
      for (let n = 0; ; n += 1) yield { records: [n] };
    } finally {
      cleaned = true;
    }
  });
  const signal = new AbortController().signal;
  for await (const page of source.read({ list, from: beginning(), signal, onRequest: () => undefined })) {
    expect(page.records).toBe(1);
    break;
  }
  await new Promise((resolve) => setImmediate(resolve));
  expect(cleaned).toBe(true);
});
