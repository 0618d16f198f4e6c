import { readFileSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { AviationStackError, type Flight, fetchFlights } from '../../src/sources/aviationstack.ts';
import { type StandInOptions, startStandIn } from '../../src/stand-in/server.ts';
import { json, listPage, startApi } from '../runtime/http/api.ts';
import { collect } from '../runtime/http/collect.ts';

const KEY = '0123456789abcdef0123456789abcdef';
const RECORDED = new URL('../fixtures/aviationstack/flights-2024-09-05-page1.json', import.meta.url);

async function startFlights(options: StandInOptions = {}) {
  const api = await startStandIn({ today: '2026-02-15', flightsPerAirlineAndDay: 250, ...options });
  onTestFinished(() => api.close());
  return { api, ask: { accessKey: api.key, date: '2026-01-31', airline: 'LH', baseUrl: api.url } };
}

const failure = async (flights: AsyncIterable<Flight>): Promise<AviationStackError> => {
  const error = await collect(flights).catch((thrown: unknown) => thrown);
  if (error instanceof AviationStackError) return error;
  throw new Error(`an AviationStackError was expected, not ${String(error)}`);
};

test('the flights of an airline and a day, typed, each once', async () => {
  const { api, ask } = await startFlights();
  const flights = await collect(fetchFlights(ask));
  expect(flights.length).toBeGreaterThanOrEqual(250);
  expect(new Set(flights.map((flight) => flight.flightDate))).toEqual(new Set(['2026-01-31']));
  expect(new Set(flights.map((flight) => flight.airline.iata))).toEqual(new Set(['LH']));
  expect(new Set(flights.map((flight) => JSON.stringify(flight))).size).toBeGreaterThan(250 * 0.9);
  expect(api.requests.map(({ query }) => query)).toEqual([
    { flight_date: '2026-01-31', airline_iata: 'LH', limit: '1000', offset: '0', access_key: '***' },
  ]);
});

test('filters are the parameters of the API', async () => {
  const { api, ask } = await startFlights();
  const some = await collect(
    fetchFlights({ ...ask, flightStatus: 'landed', departureIata: 'FRA', arrivalIata: 'JFK' }),
  );
  expect(some.every((flight) => flight.flightStatus === 'landed' && flight.departure.iata === 'FRA')).toBe(
    true,
  );
  expect(api.requests[0]?.query).toMatchObject({ flight_status: 'landed', dep_iata: 'FRA', arr_iata: 'JFK' });
});

test('a plan that caps its pages is followed', async () => {
  const whole = await startFlights();
  const capped = await startFlights({ plan: 'basic' });
  const flights = await collect(fetchFlights(capped.ask));
  expect(flights).toEqual(await collect(fetchFlights(whole.ask)));
  expect(capped.api.requests).toHaveLength(Math.ceil(flights.length / 100));
});

test('pages are asked for only when they are wanted', async () => {
  const { api, ask } = await startFlights({ plan: 'basic' });
  for await (const flight of fetchFlights(ask)) {
    expect(flight.flightDate).toBe('2026-01-31');
    break;
  }
  expect(api.requests).toHaveLength(1);
});

test('a recorded answer of the real API, with its traps', async () => {
  const recorded = JSON.parse(readFileSync(RECORDED, 'utf8')) as {
    data: unknown[];
    pagination: { total: number };
  };
  recorded.pagination.total = recorded.data.length;
  const api = await startApi((_, response) => json(response, recorded));
  const flights = await collect(fetchFlights({ accessKey: KEY, date: '2024-09-05', baseUrl: api.url }));
  expect(flights).toHaveLength(100);
  expect(flights[0]).toEqual({
    flightDate: '2024-09-05',
    flightStatus: 'scheduled',
    departure: {
      airport: 'Temora',
      timezone: 'Australia/Sydney',
      iata: 'TEM',
      icao: 'YTEM',
      terminal: null,
      gate: null,
      delayMinutes: null,
      scheduledLocal: '2024-09-05T11:00:00',
      estimatedLocal: '2024-09-05T11:00:00',
      actualLocal: null,
      estimatedRunwayLocal: null,
      actualRunwayLocal: null,
    },
    arrival: {
      airport: 'Forest Hill',
      timezone: 'Australia/Sydney',
      iata: 'WGA',
      icao: 'YSWG',
      terminal: null,
      gate: null,
      baggage: null,
      delayMinutes: null,
      scheduledLocal: '2024-09-05T12:00:00',
      estimatedLocal: '2024-09-05T12:00:00',
      actualLocal: null,
      estimatedRunwayLocal: null,
      actualRunwayLocal: null,
    },
    airline: { name: null, iata: null, icao: null },
    flight: { number: null, iata: null, icao: null, codeshared: null },
    aircraft: null,
    live: null,
  });
  expect(flights.filter((flight) => flight.airline.name === null)).toHaveLength(10);
  expect(flights.map((flight) => flight.flight.codeshared)).toContainEqual({
    airlineName: 'qingdao airlines',
    airlineIata: 'QW',
    airlineIcao: 'QDA',
    flightNumber: '6227',
    flightIata: 'QW6227',
    flightIcao: 'QDA6227',
  });
  expect(flights.find((flight) => flight.live !== null)).toMatchObject({
    aircraft: { registration: 'VH-XYU', iata: 'BE20', icao: 'BE20', icao24: '7C77E4' },
    live: {
      updated: '2024-09-04T22:31:46+00:00',
      latitude: -31.9022,
      speedHorizontal: 312.988,
      isGround: false,
    },
  });
  expect(JSON.stringify(flights.map(({ live, ...rest }) => rest))).not.toContain('+00:00');
});

test('fields that the API adds are let pass, and one that is missing is null', async () => {
  const stop = { airport: 'Z', added: { deep: 1 } };
  const record = {
    flight_date: '2026-01-31',
    flight_status: 'boarding',
    departure: { ...stop, delay: 12, terminal: 2 },
    arrival: stop,
    airline: { name: 'Z', iata: 'ZZ', icao: 'ZZZ', added: 1 },
    flight: { number: '1', iata: 'ZZ1', icao: 'ZZZ1' },
    added: [],
  };
  const api = await startApi((_, response) => json(response, { pagination: { total: 1 }, data: [record] }));
  const [flight] = await collect(fetchFlights({ accessKey: KEY, date: '2026-01-31', baseUrl: api.url }));
  expect(flight).toMatchObject({
    flightStatus: 'boarding',
    departure: { airport: 'Z', delayMinutes: 12, terminal: '2', scheduledLocal: null },
    flight: { iata: 'ZZ1', codeshared: null },
    aircraft: null,
  });
  expect(JSON.stringify(flight)).not.toContain('added');
});

test.each([
  ['invalid_access_key', 401, false],
  ['missing_access_key', 401, false],
  ['inactive_user', 401, false],
  ['https_access_restricted', 403, false],
  ['function_access_restricted', 403, false],
  ['validation_error', 422, false],
  ['invalid_api_function', 404, false],
  ['404_not_found', 404, false],
  ['usage_limit_reached', 429, false],
  ['usage_limit_reached', 200, false],
  ['a_code_of_tomorrow', 400, false],
])('%s with status %i', async (code, status, temporary) => {
  const { api, ask } = await startFlights();
  api.setFaults([{ count: 'always', action: { kind: 'error', status, code } }]);
  const error = await failure(fetchFlights(ask));
  expect(error).toMatchObject({ code, status, temporary });
  expect(api.requests).toHaveLength(1);
});

test('what the stand-in refuses by itself: a wrong key, a plan without dates', async () => {
  const { ask } = await startFlights();
  expect(await failure(fetchFlights({ ...ask, accessKey: KEY }))).toMatchObject({
    code: 'invalid_access_key',
    status: 401,
  });
  const free = await startFlights({ plan: 'free' });
  expect(await failure(fetchFlights(free.ask))).toMatchObject({
    code: 'function_access_restricted',
    status: 403,
  });
});

test('a temporary error is retried and its flights are whole', async () => {
  const { api, ask } = await startFlights();
  api.setFaults([
    { count: 1, action: { kind: 'error', status: 429, code: 'rate_limit_reached', retryAfter: '0' } },
  ]);
  expect((await collect(fetchFlights(ask))).length).toBeGreaterThanOrEqual(250);
  expect(api.requests).toHaveLength(2);
});

test.each([
  ['rate_limit_reached', 429, { kind: 'error', status: 429, code: 'rate_limit_reached' }],
  ['internal_error', 500, { kind: 'error', status: 500, code: 'internal_error' }],
  ['unavailable', 503, { kind: 'body', status: 503, contentType: 'text/html', body: '<h1>busy</h1>' }],
  ['unavailable', null, { kind: 'reset' }],
] as const)('%s with status %j is temporary after the last attempt', async (code, status, action) => {
  const { api, ask } = await startFlights();
  api.setFaults([{ count: 'always', action }]);
  expect(await failure(fetchFlights({ ...ask, attempts: 1 }))).toMatchObject({
    code,
    status,
    temporary: true,
  });
});

test('retries count as requests', async () => {
  const { api, ask } = await startFlights();
  api.setFaults([{ count: 'always', action: { kind: 'reset' } }]);
  expect(await failure(fetchFlights({ ...ask, maxRequests: 2 }))).toMatchObject({
    code: 'request_budget',
    temporary: false,
  });
  expect(api.requests).toHaveLength(2);
});

test('another number of flights than the API counts is an error, at the end', async () => {
  const api = await startApi(({ url }, response) => {
    const page = listPage(url, 0) as { pagination: { total: number } };
    page.pagination.total = 5;
    json(response, page);
  });
  expect(await failure(fetchFlights({ accessKey: KEY, date: '2026-01-31', baseUrl: api.url }))).toMatchObject(
    {
      code: 'list_changed',
      temporary: true,
      message: expect.stringContaining('0 flights of 2026-01-31 came and the API counts 5'),
    },
  );
});

test('a flight that is none is an error that says where', async () => {
  const page = { pagination: { total: 1 }, data: [{ flight_date: 'today', note: KEY }] };
  const api = await startApi((_, response) => json(response, page));
  const error = await failure(fetchFlights({ accessKey: KEY, date: '2026-01-31', baseUrl: api.url }));
  expect(error).toMatchObject({ code: 'unexpected_answer', temporary: false });
  expect(error.message).toMatch(/flight 1 of page 1 .*flight_date/s);
});

test('the key is in no error, whatever the API repeats', async () => {
  const api = await startApi(({ url }, response) =>
    json(
      response,
      { error: { code: 'invalid_access_key', message: `the key ${KEY} of ${url.href} is wrong` } },
      401,
    ),
  );
  const error = await failure(fetchFlights({ accessKey: KEY, date: '2026-01-31', baseUrl: api.url }));
  const printed = `${error.stack} ${JSON.stringify(error)} ${String(error.cause)}`;
  expect(printed).not.toContain(KEY);
  expect(printed).toContain('the key *** of');
});

test.each([
  [{ accessKey: '' }, 'missing_access_key'],
  [{ date: '31.01.2026' }, 'invalid_argument'],
  [{ pageSize: 0 }, 'invalid_argument'],
  [{ pageSize: 1001 }, 'invalid_argument'],
  [{ maxRequests: 0 }, 'invalid_argument'],
  [{ attempts: 21 }, 'invalid_argument'],
  [{ baseUrl: 'api.aviationstack.com' }, 'invalid_argument'],
])('%j is refused before anything is asked', async (wrong, code) => {
  const right = { accessKey: KEY, date: '2026-01-31', baseUrl: 'http://127.0.0.1:1' };
  expect(await failure(fetchFlights({ ...right, ...wrong }))).toMatchObject({ code, status: null });
});

test('a signal ends it with its own reason', async () => {
  const { api, ask } = await startFlights({ plan: 'basic' });
  const stop = new AbortController();
  const flights = fetchFlights({ ...ask, signal: stop.signal });
  await flights.next();
  stop.abort(new Error('enough'));
  await expect(collect(flights)).rejects.toThrow('enough');
  expect(api.requests).toHaveLength(1);
});
