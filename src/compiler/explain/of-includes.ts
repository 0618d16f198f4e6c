import type { Explanation } from './explanation.ts';

const common = { severity: 'error', category: 'correctness', certain: true } as const;

const FLIGHTS = 'pipelines:\n  flights: { dbt: { project: dbt, select: [a] } }\n';

function including(pattern: string, rest = ''): string {
  return `version: 1\ninclude: [${JSON.stringify(pattern)}]\nenvironments: {}\n${rest}`;
}

/** What is found while a spec of several files becomes one. The examples are whole files. */
export const OF_INCLUDES: readonly Explanation[] = [
  {
    ...common,
    name: 'unmatched-include',
    why: 'A pattern without a file is a misspelt one, or its files were moved. The pipelines in them would be gone from Airflow without a word.',
    bad: including('pipelins/*.yaml', 'pipelines: {}'),
    good: including('pipelines/*.yaml', 'pipelines: {}'),
    files: { 'pipelines/flights.yaml': FLIGHTS },
  },
  {
    ...common,
    category: 'security',
    name: 'include-outside',
    why: 'A spec consists of what lies in its folder: what is reviewed, versioned and built together. A file elsewhere changes without any of that, and may be one that its reader was not meant to show.',
    bad: including('../other/*.yaml', 'pipelines: {}'),
    good: including('pipelines/*.yaml', 'pipelines: {}'),
    files: { 'pipelines/flights.yaml': FLIGHTS },
  },
  {
    ...common,
    name: 'include-cycle',
    why: 'A file that includes itself has no end. Most often a pattern is wider than it was meant to be.',
    bad: including('pipelines/all.yaml', 'pipelines: {}'),
    good: including('pipelines/flights.yaml', 'pipelines: {}'),
    files: {
      'pipelines/all.yaml': 'include: ["*.yaml"]\n',
      'pipelines/flights.yaml': FLIGHTS,
    },
  },
  {
    ...common,
    name: 'unreadable-include',
    why: 'The file is there and can’t be read: this user may not, or it is a link to a file that is gone. What it holds would be missing.',
    bad: '',
    good: '',
  },
  {
    ...common,
    name: 'duplicate-name',
    why: 'No file wins over another: which one counted would depend on the order of their names, and nobody would see it. What is to differ is said by `extends` or `overrides`.',
    bad: including('pipelines/*.yaml', 'secrets: { api_key: API_KEY }\npipelines: {}'),
    good: including('pipelines/*.yaml', 'secrets: { other_key: OTHER_KEY }\npipelines: {}'),
    files: { 'pipelines/flights.yaml': `secrets: { api_key: FLIGHTS_KEY }\n${FLIGHTS}` },
  },
];
