import { request as httpRequest } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  INACTIVE_KEY,
  type StandIn,
  type StandInOptions,
  startStandIn,
  WELL_KNOWN_KEYS,
} from '../../src/stand-in/server.ts';
import { ask } from './ask.ts';

const DATE = '2026-01-30';
let standIn: StandIn;

beforeAll(async () => {
  standIn = await startStandIn({ today: '2026-01-31' });
});
afterAll(() => standIn.close());

async function withStandIn(options: StandInOptions, use: (one: StandIn) => Promise<void>): Promise<void> {
  const one = await startStandIn({ today: '2026-01-31', flightsPerAirlineAndDay: 20, ...options });
  try {
    await use(one);
  } finally {
    await one.close();
  }
}

describe('pages', () => {
  test('by offset cover the total exactly once, whatever their size', async () => {
    const read = async (limit: number) => {
      const data: unknown[] = [];
      for (;;) {
        const { body } = await ask(standIn, {
          flight_date: DATE,
          airline_iata: 'LH',
          limit: String(limit),
          offset: String(data.length),
        });
        expect(body.pagination).toEqual({
          limit,
          offset: data.length,
          count: body.data.length,
          total: expect.any(Number),
        });
        data.push(...body.data);
        if (data.length >= body.pagination.total || body.data.length === 0) {
          expect(data.length).toBe(body.pagination.total);
          return data;
        }
      }
    };
    const whole = await read(1_000);
    expect(whole.length).toBeGreaterThan(250);
    expect(await read(100)).toEqual(whole);
    expect(await read(37)).toEqual(whole);
  });

  test('beyond the end are empty and keep the total', async () => {
    const { body } = await ask(standIn, { flight_date: DATE, airline_iata: 'LH', offset: '90000' });
    expect(body.data).toEqual([]);
    expect(body.pagination).toMatchObject({ count: 0, offset: 90_000 });
    expect(body.pagination.total).toBeGreaterThan(250);
  });

  test('hold 100 records unless asked otherwise', async () => {
    const { body } = await ask(standIn, { flight_date: DATE });
    expect(body.pagination).toMatchObject({ limit: 100, offset: 0, count: 100 });
  });

  test.each([
    ['basic', 100],
    ['professional', 1_000],
    ['business', 1_000],
  ] as const)('of the %s plan hold at most %d records', async (plan, cap) => {
    const { status, body } = await ask(standIn, {
      access_key: WELL_KNOWN_KEYS[plan],
      flight_date: DATE,
      limit: '5000',
    });
    expect(status).toBe(200);
    expect(body.pagination).toMatchObject({ limit: cap, count: cap });
    expect(body.data).toHaveLength(cap);
  });

  test('too large are refused where the stand-in is told so', () =>
    withStandIn({ overLimit: 'refuse', plan: 'basic' }, async (one) => {
      expect(await ask(one, { limit: '100' })).toMatchObject({ status: 200 });
      const { status, body } = await ask(one, { limit: '101' });
      expect(status).toBe(422);
      expect(body.error.context?.limit?.[0]?.key).toBe('invalid_limit');
    }));
});

describe('filters', () => {
  test.each([
    ['flight_status', 'cancelled', 'flight_status'],
    ['airline_name', 'Lufthansa', 'airline.name'],
    ['airline_iata', 'nh', 'airline.iata'],
    ['airline_icao', 'DAL', 'airline.icao'],
    ['dep_iata', 'JFK', 'departure.iata'],
    ['dep_icao', 'EDDF', 'departure.icao'],
    ['arr_iata', 'hnd', 'arrival.iata'],
    ['arr_icao', 'EGLL', 'arrival.icao'],
    ['flight_number', '1238', 'flight.number'],
    ['flight_iata', 'LH1', 'flight.iata'],
    ['flight_icao', 'dlh1', 'flight.icao'],
  ])('%s=%s gives those records and no others', async (name, value, path) => {
    const read = (record: object) =>
      path.split('.').reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], record);
    const one = String(value).toUpperCase();
    const { body: all } = await ask(standIn, { flight_date: DATE, limit: '1000' });
    const pages = [all];
    while (pages.length * 1_000 < all.pagination.total) {
      const offset = String(pages.length * 1_000);
      pages.push((await ask(standIn, { flight_date: DATE, limit: '1000', offset })).body);
    }
    const wanted = pages
      .flatMap((page) => page.data)
      .filter((record) => String(read(record)).toUpperCase() === one);
    const { body } = await ask(standIn, { flight_date: DATE, [name]: value, limit: '1000' });
    expect(body.data.length).toBeGreaterThan(0);
    expect(body.data).toEqual(wanted);
  });

  test('by delay leave out records without one', async () => {
    for (const place of ['dep', 'arr'] as const) {
      const { body } = await ask(standIn, {
        flight_date: DATE,
        [`min_delay_${place}`]: '20',
        [`max_delay_${place}`]: '30',
        limit: '1000',
      });
      expect(body.data.length).toBeGreaterThan(10);
      for (const record of body.data) {
        const { delay } = place === 'dep' ? record.departure : record.arrival;
        expect(delay).toBeGreaterThanOrEqual(20);
        expect(delay).toBeLessThanOrEqual(30);
      }
    }
  });

  test('by scheduled date look at the local time of the place', async () => {
    const { body } = await ask(standIn, {
      flight_date: DATE,
      arr_scheduled_time_arr: '2026-01-31',
      limit: '1000',
    });
    expect(body.data.length).toBeGreaterThan(10);
    for (const { arrival } of body.data) expect(arrival.scheduled).toMatch(/^2026-01-31T/);
  });

  test('with an unknown airline find nothing', async () => {
    const { status, body } = await ask(standIn, { flight_date: DATE, airline_iata: 'ZZ' });
    expect(status).toBe(200);
    expect(body).toEqual({ pagination: { limit: 100, offset: 0, count: 0, total: 0 }, data: [] });
  });

  test('without a date list yesterday and today', async () => {
    const { body } = await ask(standIn, { airline_iata: 'LH', limit: '1000' });
    const counts = await Promise.all(
      ['2026-01-30', '2026-01-31'].map((flight_date) => ask(standIn, { airline_iata: 'LH', flight_date })),
    );
    const total = counts.reduce((sum, one) => sum + one.body.pagination.total, 0);
    expect(body.pagination.total).toBe(total);
    expect(new Set(body.data.map((record) => record.flight_date))).toEqual(
      new Set(['2026-01-30', '2026-01-31']),
    );
  });
});

describe('errors', () => {
  test('without a key', async () => {
    const response = await fetch(`${standIn.url}/flights`);
    expect(response.status).toBe(401);
    expect(await response.json()).toEqual({
      error: { code: 'missing_access_key', message: 'No API access key was supplied.' },
    });
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
  });

  test.each([
    [{ access_key: '' }, 401, 'missing_access_key'],
    [{ access_key: 'nobody' }, 401, 'invalid_access_key'],
    [{ access_key: INACTIVE_KEY }, 401, 'inactive_user'],
    [{ access_key: WELL_KNOWN_KEYS.free, flight_date: DATE }, 403, 'function_access_restricted'],
  ])('%o → %d %s', async (query, status, code) => {
    const answer = await ask(standIn, query);
    expect(answer.status).toBe(status);
    expect(answer.body.error.code).toBe(code);
  });

  test('the free plan reads recent flights', async () => {
    const { status, body } = await ask(standIn, { access_key: WELL_KNOWN_KEYS.free, limit: '1000' });
    expect(status).toBe(200);
    expect(body.pagination).toMatchObject({ limit: 100, count: 100 });
  });

  test.each([
    ['/v1/flight', 404, 'invalid_api_function'],
    ['/v1/', 404, 'invalid_api_function'],
    ['/', 404, '404_not_found'],
    ['//', 404, '404_not_found'],
  ])('GET %s → %d %s', async (path, status, code) => {
    const response = await fetch(new URL(standIn.url).origin + path);
    expect(response.status).toBe(status);
    expect(((await response.json()) as { error: { code: string } }).error.code).toBe(code);
  });

  test('another method finds nothing', async () => {
    const response = await fetch(`${standIn.url}/flights?access_key=${standIn.key}`, { method: 'POST' });
    expect(response.status).toBe(404);
  });

  test.each([
    ['flight_date', '2026-02-30'],
    ['flight_date', '30.01.2026'],
    ['flight_date', ''],
    ['flight_status', 'late'],
    ['limit', '0'],
    ['limit', '-1'],
    ['limit', '1e2'],
    ['limit', ''],
    ['offset', '-1'],
    ['offset', 'two'],
    ['airline_iata', ''],
    ['min_delay_dep', 'x'],
    ['max_delay_arr', '1.5'],
  ])('%s=%j is a validation error that names it', async (name, value) => {
    const { status, body } = await ask(standIn, { [name]: value });
    expect(status).toBe(422);
    expect(body.error).toEqual({
      code: 'validation_error',
      message: 'Request failed with validation error',
      context: { [name]: [{ key: `invalid_${name}`, message: expect.stringMatching(/^The .* must .*\.$/) }] },
    });
  });

  test('all that is wrong is told at once', async () => {
    const { body } = await ask(standIn, { limit: 'x', offset: 'y', flight_date: 'z' });
    expect(Object.keys(body.error.context ?? {}).sort()).toEqual(['flight_date', 'limit', 'offset']);
  });
});

describe('quota', () => {
  test('ends the month of the free plan at 100 answers', () =>
    withStandIn({ plan: 'free' }, async (one) => {
      for (let count = 1; count <= 100; count += 1) {
        expect((await ask(one, { limit: '1' })).status).toBe(200);
        if (count === 50) expect((await ask(one, { limit: 'x' })).status).toBe(422);
      }
      const { status, body } = await ask(one, { limit: '1' });
      expect(status).toBe(429);
      expect(body.error.code).toBe('usage_limit_reached');
    }));

  test('of a paid plan is billed, unless the stand-in is told to stop', async () => {
    await withStandIn({ plan: 'basic', quota: 2 }, async (one) => {
      const statuses: number[] = [];
      for (let count = 0; count < 3; count += 1) statuses.push((await ask(one, { limit: '1' })).status);
      expect(statuses).toEqual([200, 200, 429]);
      expect((await ask(one, { access_key: WELL_KNOWN_KEYS.business, limit: '1' })).status).toBe(200);
    });
    await withStandIn({ plan: 'basic' }, async (one) => {
      for (let count = 0; count < 101; count += 1) {
        expect((await ask(one, { limit: '1', flight_date: '2009-01-01' })).status).toBe(200);
      }
    });
  });
});

describe('the connection', () => {
  function raw(url: string, encoding?: string): Promise<{ encoding: string | undefined; body: Buffer }> {
    return new Promise((resolve, reject) => {
      const headers = encoding === undefined ? {} : { 'accept-encoding': encoding };
      httpRequest(url, { headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({ encoding: response.headers['content-encoding'], body: Buffer.concat(chunks) }),
        );
      })
        .on('error', reject)
        .end();
    });
  }

  test('is gzipped for those who accept it, and only for them', async () => {
    const url = `${standIn.url}/flights?access_key=${standIn.key}&flight_date=${DATE}&limit=1000`;
    const plain = await raw(url);
    expect(plain.encoding).toBeUndefined();
    for (const accepted of ['gzip', 'gzip, compress, deflate, br', 'br;q=1.0, gzip;q=0.5', '*']) {
      const packed = await raw(url, accepted);
      expect(packed.encoding).toBe('gzip');
      expect(gunzipSync(packed.body).equals(plain.body)).toBe(true);
    }
    for (const accepted of ['br', 'gzip;q=0', 'identity']) {
      expect((await raw(url, accepted)).encoding).toBeUndefined();
    }
  });

  test('gives every request to the record, without the key', () =>
    withStandIn({}, async (one) => {
      await ask(one, { airline_iata: 'LH', limit: '1' });
      await fetch(`${one.url}/nothing`);
      expect(one.requests).toEqual([
        {
          time: expect.stringMatching(/^\d{4}-.*Z$/),
          path: '/v1/flights',
          query: { access_key: '***', airline_iata: 'LH', limit: '1' },
          status: 200,
          faults: [],
        },
        { time: expect.any(String), path: '/v1/nothing', query: {}, status: 404, faults: [] },
      ]);
      expect(JSON.stringify(one.requests)).not.toContain(one.key);
    }));
});

describe('starting', () => {
  test('with a key of one’s own', () =>
    withStandIn({ key: 'a/key+with=signs&more' }, async (one) => {
      expect(one.key).toBe('a/key+with=signs&more');
      expect((await ask(one, {})).status).toBe(200);
    }));

  test('gives each plan and seed a key that looks real, the same each time', () =>
    withStandIn({}, async (one) => {
      expect(one.key).toBe(standIn.key);
      expect(one.key).toMatch(/^[0-9a-f]{32}$/);
      await withStandIn({ plan: 'basic' }, async (other) => expect(other.key).not.toBe(one.key));
    }));

  test('on a port that is taken says so', async () => {
    const port = Number(new URL(standIn.url).port);
    await expect(startStandIn({ port })).rejects.toThrow(
      `the stand-in cannot listen on 127.0.0.1:${port}: the port is in use; choose another, or 0 for a free one`,
    );
  });

  test.each([
    [{ today: '2026-02-30' }, 'must be a date that exists'],
    [{ quota: -1 }, 'quota'],
    [{ flightsPerAirlineAndDay: 2_001 }, 'flightsPerAirlineAndDay'],
    [{ plan: 'gold' } as unknown as StandInOptions, 'plan'],
    [{ ports: 1 } as unknown as StandInOptions, 'ports'],
  ])('with %o names what is wrong', async (options, reason) => {
    await expect(startStandIn(options)).rejects.toThrow(reason);
  });

  test('closes for good, twice too', async () => {
    const one = await startStandIn();
    await one.close();
    await one.close();
    await expect(fetch(`${one.url}/flights`)).rejects.toThrow();
  });
});
