import type { Explanation } from './explanation.ts';

const common = { severity: 'error', category: 'correctness', certain: true } as const;

/** What is found when the language's shape is laid over the spec. The examples are laid over a sound one. */
export const OF_SHAPE: readonly Explanation[] = [
  {
    ...common,
    name: 'unknown-key',
    why: 'A key that the language does not know has no effect, while its author believes that it has.',
    bad: 'pipelines: { flights: { schdule: { cron: "0 7 * * *" } } }',
    good: 'pipelines: { flights: { schedule: { cron: "0 7 * * *" } } }',
  },
  {
    ...common,
    name: 'missing-key',
    why: 'There is no sensible value to take where nobody gave one.',
    bad: 'pipelines: { flights: { load: { table: null } } }',
    good: 'pipelines: { flights: { load: { table: flights } } }',
  },
  {
    ...common,
    name: 'wrong-type',
    why: 'A value of another kind than the key is for. YAML takes unquoted digits for numbers, and true and false for what they say.',
    bad: 'pipelines: { flights: { owner: 12 } }',
    good: 'pipelines: { flights: { owner: "12" } }',
  },
  {
    ...common,
    name: 'invalid-value',
    why: 'The key takes certain values only: one of a list, or a text of a form such as 30s, 1% or 2026-01-31.',
    bad: 'pipelines: { flights: { timeout: 2 hours } }',
    good: 'pipelines: { flights: { timeout: 2h } }',
  },
  {
    ...common,
    name: 'invalid-name',
    why: 'Names become tables, columns, files and variables. One form that all of them take spares quoting rules everywhere.',
    bad: 'pipelines: { flights: { columns: { flightDate: {} } } }',
    good: 'pipelines: { flights: { columns: { flight_day: {} } } }',
  },
  {
    ...common,
    name: 'start-date-not-fixed',
    why: 'A start date that moves is another date at every parse: Airflow would lose runs, or never make any. A date that stands still is the same for everybody.',
    bad: 'pipelines: { flights: { start_date: yesterday } }',
    good: 'pipelines: { flights: { start_date: 2026-06-01 } }',
  },
  {
    ...common,
    category: 'practice',
    name: 'missing-namespace',
    why: 'Pods without a namespace go where Airflow itself runs, or into `default`, beside everything else that forgot to say: their rights, limits and secrets are then shared.',
    bad: 'environments: { production: { launcher: { namespace: null } } }',
    good: 'environments: { production: { launcher: { namespace: data-pipelines } } }',
  },
  {
    ...common,
    category: 'security',
    name: 'password-authentication',
    why: 'A password is kept, copied and guessed, and Snowflake ends signing in by one alone. A workload’s identity or a key pair can’t be typed into a chat.',
    bad: 'environments: { production: { warehouse: { kind: snowflake, path: null, account: org-one, database: RAW, schema: AVIATION, compute: LOADING, role: LOADER, stage: internal, auth: { kind: password } } } }',
    good: 'environments: { production: { warehouse: { kind: snowflake, path: null, account: org-one, database: RAW, schema: AVIATION, compute: LOADING, role: LOADER, stage: internal, auth: { kind: workload_identity, provider: gcp } } } }',
  },
  {
    ...common,
    name: 'unknown-environment',
    why: 'An environment takes over what another one says by `extends`. Without that one nobody knows what it would be.',
    bad: 'environments: { staging: { extends: prodution } }',
    good: 'environments: { staging: { extends: production } }',
  },
  {
    ...common,
    name: 'extends-cycle',
    why: 'Environments that extend each other in a circle have no beginning to start from.',
    bad: 'environments: { staging: { extends: testing }, testing: { extends: staging } }',
    good: 'environments: { staging: { extends: production }, testing: { extends: staging } }',
  },
  {
    ...common,
    name: 'unknown-pipeline',
    why: 'Overrides of a pipeline that is not there change nothing, while their author believes that they do.',
    bad: 'environments: { production: { overrides: { fligths: { retries: 5 } } } }',
    good: 'environments: { production: { overrides: { flights: { retries: 5 } } } }',
  },
];
