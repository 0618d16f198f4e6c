import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Fault, type StandIn, startStandIn } from '../../src/stand-in/server.ts';
import { ask } from './ask.ts';

const LH = { flight_date: '2026-01-30', airline_iata: 'LH' };
let standIn: StandIn;

beforeAll(async () => {
  standIn = await startStandIn({ today: '2026-01-31', flightsPerAirlineAndDay: 150 });
});
beforeEach(() => standIn.setFaults([]));
afterAll(() => standIn.close());

async function statuses(times: number, query: Record<string, string> = LH): Promise<number[]> {
  const seen: number[] = [];
  for (let time = 0; time < times; time += 1) seen.push((await ask(standIn, query)).status);
  return seen;
}

describe('kinds', () => {
  test('error: a status, a code, Retry-After', async () => {
    const action = { kind: 'error', status: 429, code: 'rate_limit_reached', retryAfter: '1' } as const;
    standIn.setFaults([{ count: 1, action }]);
    const { status, headers, body } = await ask(standIn, LH);
    expect(status).toBe(429);
    expect(headers.get('retry-after')).toBe('1');
    expect(body.error).toEqual({
      code: 'rate_limit_reached',
      message: 'The given user account has reached the rate limit.',
    });
    expect((await ask(standIn, LH)).headers.get('retry-after')).toBeNull();
  });

  test('error without Retry-After, with a code of nobody’s', async () => {
    standIn.setFaults([{ count: 1, action: { kind: 'error', status: 500, code: 'made_up' } }]);
    const { status, headers, body } = await ask(standIn, LH);
    expect([status, body.error.code, headers.get('retry-after')]).toEqual([500, 'made_up', null]);
  });

  test('body: any bytes', async () => {
    const html = '<html><body>503 Service Unavailable</body></html>';
    standIn.setFaults([
      { count: 1, action: { kind: 'body', status: 503, contentType: 'text/html', body: html } },
    ]);
    const response = await fetch(`${standIn.url}/flights`);
    expect(response.status).toBe(503);
    expect(response.headers.get('content-type')).toBe('text/html');
    expect(await response.text()).toBe(html);
  });

  test('reset: no answer at all', async () => {
    standIn.setFaults([{ count: 1, action: { kind: 'reset' } }]);
    await expect(ask(standIn, LH)).rejects.toThrow('fetch failed');
    expect(standIn.requests.at(-1)).toMatchObject({ status: null, faults: ['reset'] });
    expect(await statuses(1)).toEqual([200]);
  });

  test.each(['identity', 'gzip'])('truncate: half of the body (%s)', async (encoding) => {
    standIn.setFaults([{ count: 1, action: { kind: 'truncate' } }]);
    const parameters = new URLSearchParams({ access_key: standIn.key, ...LH });
    const read = () =>
      fetch(`${standIn.url}/flights?${parameters}`, { headers: { 'accept-encoding': encoding } });
    const cut = await read();
    expect(cut.status).toBe(200);
    const announced = Number(cut.headers.get('content-length'));
    await expect(cut.text()).rejects.toThrow();
    const whole = await read();
    expect(Number(whole.headers.get('content-length'))).toBe(announced);
    expect(JSON.parse(await whole.text())).toHaveProperty('pagination');
  });

  test('delay: the same answer later', async () => {
    standIn.setFaults([{ count: 1, action: { kind: 'delay', ms: 20 } }]);
    const late = await ask(standIn, LH);
    expect(standIn.requests.at(-1)?.faults).toEqual(['delay']);
    expect(late.body).toEqual((await ask(standIn, LH)).body);
  });

  test('delay: a client that gives up gets nothing, and the server closes at once', async () => {
    const one = await startStandIn({
      flightsPerAirlineAndDay: 1,
      faults: [{ count: 'always', action: { kind: 'delay', ms: 3_600_000 } }],
    });
    const giveUp = new AbortController();
    const given = fetch(`${one.url}/flights`, { signal: giveUp.signal });
    const waiting = fetch(`${one.url}/flights`);
    await expect.poll(() => one.requests.length).toBe(2);
    giveUp.abort();
    await expect(given).rejects.toThrow('aborted');
    const lost = expect(waiting).rejects.toThrow('fetch failed');
    await one.close();
    await lost;
  });

  test('empty: nothing, with status 200', async () => {
    standIn.setFaults([{ count: 1, action: { kind: 'empty' } }]);
    const { status, body } = await ask(standIn, LH);
    expect(status).toBe(200);
    expect(body).toEqual({ pagination: { limit: 100, offset: 0, count: 0, total: 0 }, data: [] });
  });

  test('empty: still needs a key', async () => {
    standIn.setFaults([{ count: 1, action: { kind: 'empty' } }]);
    expect((await ask(standIn, { access_key: 'nobody' })).status).toBe(401);
  });

  test('ok_error: an error under status 200', async () => {
    standIn.setFaults([{ count: 1, action: { kind: 'ok_error', code: 'invalid_access_key' } }]);
    const { status, body } = await ask(standIn, LH);
    expect(status).toBe(200);
    expect(body).toEqual({
      error: { code: 'invalid_access_key', message: 'An invalid API access key was supplied.' },
    });
  });

  test('cap: fewer records than asked for, the same total', async () => {
    const usual = await ask(standIn, { ...LH, limit: '1000' });
    standIn.setFaults([{ count: 'always', action: { kind: 'cap', limit: 7 } }]);
    const { body } = await ask(standIn, { ...LH, limit: '1000', offset: '7' });
    expect(body.pagination).toEqual({
      limit: 7,
      offset: 7,
      count: 7,
      total: usual.body.pagination.total,
    });
    expect(body.data).toEqual(usual.body.data.slice(7, 14));
  });

  test('total: another total for the same records', async () => {
    const usual = await ask(standIn, LH);
    standIn.setFaults([{ count: 1, action: { kind: 'total', add: 5 } }]);
    const { body } = await ask(standIn, LH);
    expect(body.pagination.total).toBe(usual.body.pagination.total + 5);
    expect(body.data).toEqual(usual.body.data);
  });
});

describe('which requests', () => {
  const fail = { kind: 'error', status: 500, code: 'internal_error' } as const;

  test('so many, after so many', async () => {
    standIn.setFaults([{ count: 2, skip: 1, action: fail }]);
    expect(await statuses(5)).toEqual([200, 500, 500, 200, 200]);
    standIn.setFaults([{ count: 'always', action: fail }]);
    expect(await statuses(4)).toEqual([500, 500, 500, 500]);
    standIn.setFaults([]);
    expect(await statuses(1)).toEqual([200]);
  });

  test('of one slice', async () => {
    standIn.setFaults([{ match: { slice: 'NH' }, count: 1, action: fail }]);
    expect(await statuses(1)).toEqual([200]);
    expect(await statuses(2, { ...LH, airline_iata: 'NH' })).toEqual([500, 200]);
  });

  test('at one offset; none is the offset 0', async () => {
    standIn.setFaults([{ match: { offset: 100 }, count: 'always', action: fail }]);
    expect(await statuses(1)).toEqual([200]);
    expect(await statuses(1, { ...LH, offset: '100' })).toEqual([500]);
    standIn.setFaults([{ match: { offset: 0 }, count: 'always', action: fail }]);
    expect(await statuses(1)).toEqual([500]);
  });

  test('at one path', async () => {
    standIn.setFaults([{ match: { path: '/v1/airlines' }, count: 'always', action: fail }]);
    expect(await statuses(1)).toEqual([200]);
    expect((await fetch(`${standIn.url}/airlines`)).status).toBe(500);
  });

  test('the first ending acts, and the changes beside it', async () => {
    standIn.setFaults([
      { count: 'always', action: { kind: 'cap', limit: 3 } },
      { count: 1, action: fail },
      { count: 1, action: { kind: 'empty' } },
      { count: 'always', action: { kind: 'total', add: -1 } },
    ]);
    expect((await ask(standIn, LH)).status).toBe(500);
    expect((await ask(standIn, LH)).body).toMatchObject({ data: [], pagination: { total: 0 } });
    const { body } = await ask(standIn, LH);
    expect(body.data).toHaveLength(3);
    expect(standIn.requests.at(-1)?.faults).toEqual(['cap', 'total']);
  });
});

describe('not well-formed', () => {
  test.each([
    [[{ count: 0, action: { kind: 'reset' } }], 'count'],
    [[{ count: 1, action: { kind: 'explode' } }], 'action.kind'],
    [[{ count: 1, action: { kind: 'reset' }, math: {} }], 'math'],
    [{ count: 1, action: { kind: 'reset' } }, 'expected array'],
  ])('%j is refused, and the faults before it stay', async (faults, reason) => {
    standIn.setFaults([{ count: 'always', action: { kind: 'ok_error', code: 'kept' } }]);
    expect(() => standIn.setFaults(faults as Fault[])).toThrow(reason);
    expect((await ask(standIn, LH)).body.error.code).toBe('kept');
  });
});

describe('by HTTP', () => {
  const control = () => `${new URL(standIn.url).origin}/_stand-in`;
  const put = (body: string) => fetch(`${control()}/faults`, { method: 'PUT', body });

  test('faults are replaced and requests are listed', async () => {
    const fault: Fault = { count: 1, action: { kind: 'error', status: 503, code: 'internal_error' } };
    expect((await put(JSON.stringify([fault]))).status).toBe(204);
    expect(await statuses(2)).toEqual([503, 200]);
    const listed = (await (await fetch(`${control()}/requests`)).json()) as unknown[];
    expect(listed).toEqual(standIn.requests);
    expect(listed.at(-2)).toMatchObject({ path: '/v1/flights', status: 503, faults: ['error'] });
    expect(JSON.stringify(listed)).not.toContain(standIn.key);
  });

  test.each([
    ['no JSON', 'the body is not JSON'],
    ['[{"count":1}]', 'the faults are not well-formed'],
    [`"${'x'.repeat(1_048_576)}"`, 'longer than 1 MiB'],
  ])('what is wrong is told', async (body, reason) => {
    const response = await put(body);
    expect(response.status).toBe(400);
    expect(((await response.json()) as { error: { message: string } }).error.message).toContain(reason);
  });

  test('there is nothing else', async () => {
    expect((await fetch(`${control()}/anything`)).status).toBe(404);
    expect((await fetch(`${control()}/faults`)).status).toBe(404);
  });
});
