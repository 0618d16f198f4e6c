import type { DagDefinition, LoweredLauncher, TaskDefinition } from '../../../src/compiler/dag.ts';
import { STEPS } from '../../../src/spec/steps.ts';

export const KUBERNETES: Extract<LoweredLauncher, { kind: 'kubernetes' }> = {
  kind: 'kubernetes',
  image:
    'registry.example.com/data/pipegen@sha256:0f4c1d3b0c1f1a0c7c5d8a6c2e5b9f3a7d1e4c8b2a6f0d9e3c7b1a5f8d2e6c0b',
  namespace: 'data-pipelines',
  service_account: 'pipegen',
  resources: { cpu: '500m', memory: '1Gi', ephemeral_storage: '2Gi' },
  secrets: { aviationstack_key: { kubernetes: 'aviationstack', key: 'access_key' } },
  node_selector: {},
  tolerations: [],
  image_pull_secrets: [],
  annotations: {},
  env: {},
};

export const PROCESS: LoweredLauncher = { kind: 'process', command: 'pipegen-runtime' };

const JOB = {
  version: 1,
  pipeline: 'flights',
  extract: {
    path: '/flights',
    query: { flight_date: '${partition}', airline_iata: '${slice.airline}' },
    source: { kind: 'http', auth: { kind: 'api_key', in: 'query', secret: 'AVIATIONSTACK_ACCESS_KEY' } },
  },
};

const SECRET = {
  variable: 'AVIATIONSTACK_ACCESS_KEY',
  kubernetes: { name: 'aviationstack', key: 'access_key' },
};

const POOLS: Readonly<Record<string, string>> = { load: 'snowflake.ANALYTICS.RAW.FLIGHTS' };

/** @param pools by step; `airflow dags test` needs none, a scheduler needs each */
export function tasks(steps: readonly TaskDefinition['step'][], pools = POOLS): TaskDefinition[] {
  return steps.map((step) => ({
    step,
    timeoutSeconds: 1800,
    ...(pools[step] === undefined ? {} : { pool: pools[step] }),
    secrets: step === 'extract' ? [SECRET] : [],
    definition: `${step}0000000000`.slice(0, 12),
  }));
}

/** A DAG as lowering would hand it over: the reference pipeline, changed where a test says so. */
export function definition(changes: Partial<DagDefinition> = {}): DagDefinition {
  const environment = changes.environment ?? 'production';
  const dagId = changes.dagId ?? 'flights';
  return {
    dagId,
    description: 'Flights of our airline partners',
    tags: ['aviation', 'partners'],
    owner: 'data-platform',
    environment,
    airflow: '3.3',
    specFile: 'pipelines.yaml',
    schedule: { kind: 'cron', cron: '0 6 * * *', timezone: changes.timezone ?? 'UTC' },
    startDate: '2026-01-01',
    timezone: 'UTC',
    catchup: false,
    maxActiveRuns: 1,
    runTimeoutSeconds: 6 * 3600,
    retries: 3,
    retryDelaySeconds: 300,
    maxRetryDelaySeconds: 3600,
    lookback: 2,
    tasks: tasks(STEPS),
    lineage: {
      source: { name: 'aviationstack', path: '/flights' },
      table: 'ANALYTICS.RAW.FLIGHTS',
      dbt: ['tag:flights'],
      downstream: ['partner_scorecard'],
    },
    publishes: { name: dagId, uri: `pipegen://${environment}/${dagId}` },
    launcher: KUBERNETES,
    jobText: JSON.stringify(JOB, null, 2),
    definition: '0123456789ab',
    ...changes,
  };
}

export function asset(name: string, environment = 'production'): DagDefinition['publishes'] {
  return { name, uri: `pipegen://${environment}/${name}` };
}
