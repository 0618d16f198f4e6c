import type { Explanation } from './explanation.ts';

const common = { severity: 'error', category: 'correctness', certain: true } as const;

function transform(reference: string): string {
  return `pipelines: { flights: { transform: ${reference} } }`;
}

/** What is found in the code that pipelines name. The examples are laid over a sound spec. */
export const OF_HANDLERS: readonly Explanation[] = [
  {
    ...common,
    name: 'handler-missing',
    why: 'The code that a pipeline names is part of it. Without the file, or with one that is no module, every run would end with code 78.',
    bad: transform('handlers/flight.ts#normalise'),
    good: transform('handlers/flights.ts#normalise'),
  },
  {
    ...common,
    name: 'handler-not-exported',
    why: 'A step calls a function by the name under which its file exports it. Without that export every run would end with code 78.',
    bad: transform('handlers/flights.ts#normalize'),
    good: transform('handlers/flights.ts#normalise'),
  },
  {
    ...common,
    name: 'handler-wrong-signature',
    why: 'A transform is called with one record and its context, a source with its context alone; what they give back is rows or batches. Another function would fail at the first record, after the API was asked for all of them. What may work all the same is a warning.',
    bad: transform('handlers/flights.ts#all'),
    good: transform('handlers/flights.ts#one'),
    files: {
      'handlers/flights.ts': `interface Flight {
  flight_date: string;
  number: string;
}

export function all(flights: Flight[], context: object, airline: string) {
  return flights.map(({ flight_date, number }) => ({ flight_date, flight: airline + number }));
}

export function one({ flight_date, number }: Flight) {
  return { flight_date, flight: number };
}
`,
    },
  },
  {
    ...common,
    name: 'handler-missing-column',
    why: 'A row that lacks a column has null there, so that a misspelt field empties a column, and sets every row aside where the column is required; a value of another type is set aside too. What can’t be told from the code is not spoken of, and what may fit is a warning.',
    bad: transform('handlers/flights.ts#misspelt'),
    good: transform('handlers/flights.ts#complete'),
    files: {
      'handlers/flights.ts': `interface Flight {
  day: string;
  number: string;
}

export function misspelt({ day, number }: Flight) {
  return { flight_day: day, flight: number };
}

export function complete({ day, number }: Flight) {
  return { flight_date: day, flight: number };
}
`,
    },
  },
];
