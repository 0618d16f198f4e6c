/** One for each thing that goes wrong: a source, a table and a DAG of its own, so that they can go wrong side by side. */
export const CASES = [
  'sliced',
  'deleted',
  'containerd',
  'worker',
  'unavailable',
  'down',
  'away',
  'mistaken',
  'empty',
  'small',
  'hurried',
  'replaced',
  'unreceipted',
] as const;
export type Case = (typeof CASES)[number];

type Values = Readonly<Record<string, unknown>>;

/** What a case's pipeline has other than that of flights. */
export interface Difference {
  readonly source?: Values;
  readonly extract?: Values;
  readonly load?: Values;
  readonly pipeline?: Values;
}

interface Flights {
  readonly extract: Values & { readonly paginate: Values };
  readonly load: Values;
  readonly dbt: Values;
  readonly checks: readonly Values[];
}

/** The pipeline of flights under the name of a case, by hand, a page of 25 at a time, without dbt. */
export function casePipeline(flights: Flights, name: Case, difference: Difference = {}): Values {
  const { dbt: _, ...pipeline } = flights;
  return {
    ...pipeline,
    schedule: undefined,
    description: `Flights, when this goes wrong: ${name}`,
    partition: { lookback: 0 },
    extract: {
      ...flights.extract,
      source: name,
      // One request at a time, so that they can be counted.
      slices: { airline: AIRLINES },
      paginate: { ...flights.extract.paginate, page_size: PAGE },
      ...difference.extract,
    },
    checks: [{ row_count: { min: 1 } }, { reconcile: { tolerance: '0%' } }],
    load: { ...flights.load, table: name, ...difference.load },
    ...difference.pipeline,
  };
}

export const AIRLINES = ['AA', 'LH', 'DL', 'NH'];
export const PAGE = 25;
