import { flightsQuery, MART, onDuckdb } from '../test/run/tables.ts';
import { AIRLINES } from './case-pipelines.ts';
import type { Project } from './project.ts';
import type { Services } from './services.ts';

export const DAY = '2026-01-31';

/** What a run without a cluster, an Airflow and a cloud leaves: what all others are measured by. */
export interface Reference {
  /** All that is loaded, save what differs from run to run; of `raw.flights`. */
  readonly query: string;
  readonly flights: readonly string[];
  readonly mart: readonly string[];
  /** What it asked the API for, `LH 25` for the second page of an airline; in the order of airlines and pages. */
  readonly asked: readonly string[];
}

/** `pipegen run flights` for the day, in files and DuckDB. */
export async function makeReference(project: Project, { standIn }: Services): Promise<Reference> {
  const before = standIn.requests.length;
  await project.pipegen('run', 'flights', '--date', DAY, '--env', 'local', '--fresh');
  const query = await flightsQuery(project.query);
  const asked = askedOf(standIn).slice(before);
  const order = (page: string) =>
    AIRLINES.indexOf(page.split(' ')[0] ?? '') * 1e6 + Number(page.split(' ')[1]);
  return {
    query,
    flights: await onDuckdb(project.query, query),
    mart: await onDuckdb(project.query, MART),
    asked: asked.toSorted((one, other) => order(one) - order(other)),
  };
}

/** What an API was asked for so far, in the order of arrival. */
export function askedOf({ requests }: Services['standIn']): string[] {
  return requests.map(({ query }) => `${query.airline_iata} ${query.offset ?? 0}`);
}
