import type { DagDefinition, TaskDefinition } from '../../../src/compiler/dag.ts';
import { printJob } from '../../../src/compiler/job-text.ts';
import { STEPS } from '../../../src/spec/steps.ts';
import { asset, definition, KUBERNETES, PROCESS, tasks } from './definitions.ts';

/** Texts that a printer, a template engine or a formatter could stumble over. */
export const HOSTILE = {
  description:
    '"Flights" of """our""" partners\\\n\tsecond line \\n {{ ds }} {% raw %}\r\n  third: 東京 🛫 \u202Ereversed\u2028 \u0000 end\\',
  tag: `it's "tagged" {{ dag }} 東京`,
  owner: 'a\\b "c" \'d\'',
  command: `env "NOTE={{ ti.task_id }} {% if %} {# none #} {{{ '{' }}" pipegen-runtime`,
  specFile: 'odd """ \\ name\n{{ x }}.yaml',
} as const;

/** What the hostile job holds once it has travelled through Python, Jinja and JSON. */
export const HOSTILE_JOB = {
  texts: [
    HOSTILE.description,
    HOSTILE.command,
    '"""',
    "'''",
    '\\',
    '\\u007b{',
    '{{{',
    '$(HOME) $$',
    '\u2028\u0085\ufeff',
  ],
  empty: '',
};

/** Everything that can be said of where pods run, with texts that Jinja or Kubernetes would read as their own. */
const PLACED: typeof KUBERNETES = {
  ...KUBERNETES,
  node_selector: { 'cloud.google.com/gke-nodepool': 'pipelines', odd: '{{ ds }}' },
  tolerations: [
    { key: 'dedicated', operator: 'Equal', value: 'pipelines', effect: 'NoSchedule' },
    { key: 'spot', operator: 'Exists', effect: 'NoExecute', toleration_seconds: 600 },
    { operator: 'Exists', effect: 'PreferNoSchedule' },
  ],
  affinity: {
    node_affinity: {
      required_during_scheduling_ignored_during_execution: {
        node_selector_terms: [
          {
            match_expressions: [
              { key: 'kubernetes.io/arch', operator: 'In', values: ['amd64', 'arm64'] },
              { key: 'spot', operator: 'DoesNotExist' },
            ],
          },
        ],
      },
      preferred_during_scheduling_ignored_during_execution: [
        { weight: 10, preference: { match_expressions: [{ key: 'cores', operator: 'Gt', values: ['4'] }] } },
      ],
    },
    pod_affinity: {
      preferred_during_scheduling_ignored_during_execution: [
        {
          weight: 1,
          pod_affinity_term: {
            label_selector: { match_labels: { app: 'cache' } },
            topology_key: 'topology.kubernetes.io/zone',
            namespaces: ['caches'],
          },
        },
      ],
    },
    pod_anti_affinity: {
      required_during_scheduling_ignored_during_execution: [
        {
          label_selector: { match_expressions: [{ key: 'app', operator: 'In', values: ['database'] }] },
          topology_key: 'kubernetes.io/hostname',
        },
      ],
    },
  },
  priority_class: 'daily',
  image_pull_secrets: ['registry', 'mirror'],
  annotations: { 'example.com/team': 'data {{ team }}', 'sidecar.istio.io/inject': 'true' },
  env: { HTTPS_PROXY: 'http://proxy:3128', PRICE: '$(HOME) $$ $5 {% raw %}' },
};

const WAREHOUSE_KEY = {
  variable: 'SNOWFLAKE_PRIVATE_KEY',
  kubernetes: { name: 'snowflake', key: 'private_key' },
};

const UPSTREAMS = [asset('flights'), asset('job'), asset('pod_'), asset('dag')];

/** An extract in four groups. */
function shared(steps: readonly TaskDefinition['step'][]): TaskDefinition[] {
  return tasks(steps).map((task) => ({
    ...task,
    ...(task.step === 'extract' ? { pods: 4 } : {}),
    ...(task.step === 'upload' ? { afterPods: true } : {}),
  }));
}

/** Each shape that a generated file can have; the name is also the DAG's. */
export const CASES: Readonly<Record<string, Partial<DagDefinition>>> = {
  cron: {},
  after_one: {
    schedule: { kind: 'after', mode: 'all', assets: [asset('flights')] },
    lineage: { dbt: ['tag:scorecard'], downstream: [] },
    tasks: tasks(['check', 'dbt']),
  },
  after_all: { schedule: { kind: 'after', mode: 'all', assets: UPSTREAMS }, launcher: PROCESS },
  after_any: { schedule: { kind: 'after', mode: 'any', assets: UPSTREAMS }, tasks: tasks(['dbt']) },
  after_asset: {
    schedule: { kind: 'asset', uri: 's3://partners/tariffs?region=eu' },
    timezone: 'Asia/Tokyo',
    launcher: PROCESS,
    lineage: { downstream: [] },
    tasks: tasks(['dbt']),
  },
  dates: { partitions: 'dates', lookback: 1, launcher: PROCESS, tasks: tasks(['dbt']) },
  dates_after: {
    partitions: 'dates',
    schedule: { kind: 'after', mode: 'all', assets: UPSTREAMS.slice(0, 2) },
    launcher: PROCESS,
    lookback: 0,
    tasks: tasks(['dbt']),
  },
  manual: {
    schedule: { kind: 'manual' },
    maxRetryDelaySeconds: undefined,
    launcher: PROCESS,
    description: '',
    tags: [],
    lookback: 0,
  },
  tokyo: {
    schedule: { kind: 'cron', cron: '30 1 * * *', timezone: 'Asia/Tokyo' },
    timezone: 'Asia/Tokyo',
    launcher: PROCESS,
    lookback: 1,
    catchup: true,
    maxActiveRuns: 3,
    retryDelaySeconds: 0.5,
    tasks: tasks(STEPS, {
      load: 'duckdb.pipegen.warehouse',
      check: 'duckdb.pipegen.warehouse',
      dbt: 'duckdb.pipegen.warehouse',
    }).map((task) => (task.step === 'load' ? { ...task, retries: 0 } : task)),
    runTimeoutSeconds: 86_400,
  },
  placed: { launcher: PLACED, tasks: tasks(['extract']) },
  own_pods: {
    tasks: tasks(['extract', 'upload', 'dbt']).map((task) => ({
      ...task,
      ...(task.step === 'extract'
        ? { retries: 6, timeoutSeconds: 7200, image: `registry.example.com/extract@sha256:${'1'.repeat(64)}` }
        : {}),
      ...(task.step === 'dbt' ? { serviceAccount: 'models', secrets: [WAREHOUSE_KEY] } : {}),
      ...(task.step === 'upload'
        ? { resources: { cpu: '2', memory: '4Gi', ephemeral_storage: '20Gi' } }
        : {}),
    })),
    publishes: asset('upload_pod'),
  },
  groups: { tasks: shared(STEPS) },
  groups_of_processes: {
    schedule: { kind: 'manual' },
    launcher: PROCESS,
    lookback: 0,
    tasks: shared(['extract', 'upload', 'load', 'check']),
  },
  no_lookback: { lookback: 0, retries: 0, tasks: tasks(['extract']) },
  hostile: {
    description: HOSTILE.description,
    tags: [HOSTILE.tag],
    owner: HOSTILE.owner,
    specFile: HOSTILE.specFile,
    launcher: { kind: 'process', command: HOSTILE.command },
    lineage: { source: { name: 'odd', path: '/a`b\n``"""/${partition}' }, dbt: ['tag:\\'], downstream: [] },
    jobText: printJob(HOSTILE_JOB),
  },
  [`long_${'x'.repeat(58)}`]: {
    schedule: { kind: 'after', mode: 'all', assets: ['a', 'b', 'c'].map((one) => asset(one.repeat(63))) },
    environment: 'e'.repeat(63),
  },
};

export function caseDefinition(name: string, airflow: DagDefinition['airflow']): DagDefinition {
  return definition({ environment: 'production', ...CASES[name], dagId: name, airflow });
}
