import type { FlightRecord } from '../../src/stand-in/data/flight-record.ts';
import type { StandIn } from '../../src/stand-in/server.ts';

export interface Page {
  pagination: { limit: number; offset: number; count: number; total: number };
  data: FlightRecord[];
}

export interface Refusal {
  error: { code: string; message: string; context?: Record<string, { key: string; message: string }[]> };
}

/** One request for flights, with the stand-in's own key unless the query has another. */
export async function ask(
  standIn: StandIn,
  query: Record<string, string>,
): Promise<{ status: number; headers: Headers; body: Page & Refusal }> {
  const parameters = new URLSearchParams({ access_key: standIn.key, ...query });
  const response = await fetch(`${standIn.url}/flights?${parameters}`);
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Page & Refusal,
  };
}
