import type { Explanation } from './explanation.ts';

const common = { severity: 'error', category: 'correctness', certain: true } as const;

/** What is found where a name stands for something. The examples are laid over a sound spec. */
export const OF_REFERENCES: readonly Explanation[] = [
  {
    ...common,
    name: 'unknown-source',
    why: 'An extract reads from one of `sources`. Without it nobody knows whom to ask.',
    bad: 'pipelines: { flights: { extract: { source: apis } } }',
    good: 'pipelines: { flights: { extract: { source: api } } }',
  },
  {
    ...common,
    name: 'unknown-secret',
    why: 'A secret has a name under `secrets`, which says the environment variable that holds it. Without the entry the step would have no credentials.',
    bad: 'sources: { api: { auth: { secret: api_kye } } }',
    good: 'sources: { api: { auth: { secret: api_key } } }',
  },
  {
    ...common,
    name: 'unknown-variable',
    why: 'What a ${variables.NAME} stands for is said by each environment. One that does not say it would send the placeholder to the API.',
    bad: 'sources: { api: { base_url: "https://${variables.host}/v1" } }',
    good: 'sources: { api: { base_url: "https://${variables.host}/v1" } }\nenvironments: { production: { variables: { host: api.example.com } } }',
  },
];
