import { onTestFinished } from 'vitest';
import type { JobExtract } from '../../../src/runtime/adapters/http/url.ts';
import { type StandIn, type StandInOptions, startStandIn } from '../../../src/stand-in/server.ts';
import { extractOf, type Overrides } from '../http/source-of.ts';
import { type Bench, createBench } from './bench.ts';

export const AIRLINES = ['AA', 'LH', 'DL', 'NH'];

export interface FlightsBench extends Bench {
  api: StandIn;
  extract: JobExtract;
}

/** The flights pipeline's extract against the API's stand-in; 250 operated flights an airline and day. */
export async function startFlights(
  options: StandInOptions = {},
  overrides: Overrides & { parallel?: number; airlines?: string[] } = {},
): Promise<FlightsBench> {
  const api = await startStandIn({ today: '2026-02-15', flightsPerAirlineAndDay: 250, ...options });
  onTestFinished(() => api.close());
  const extract = extractOf(api.url, {
    source: overrides.source ?? {},
    extract: {
      path: '/flights',
      query: { flight_date: '${partition}', airline_iata: '${slice.airline}' },
      paginate: { kind: 'offset', page_size: 1000, total: 'pagination.total' },
      ...overrides.extract,
    },
    slices: {
      name: 'airline',
      values: overrides.airlines ?? AIRLINES,
      parallel: overrides.parallel ?? 2,
      on_empty: 'allow',
    },
  });
  return { ...createBench(extract, api.key), api, extract };
}
