import type { DagDefinition } from '../../../src/compiler/dag.ts';
import { printJob } from '../../../src/compiler/job-text.ts';
import { asset, definition, PROCESS, tasks } from './definitions.ts';

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

const UPSTREAMS = [asset('flights'), asset('job'), asset('pod_'), asset('dag')];

/** Each shape that a generated file can have; the name is also the DAG's. */
export const CASES: Readonly<Record<string, Partial<DagDefinition>>> = {
  cron: {},
  after_one: {
    schedule: { kind: 'after', mode: 'all', assets: [asset('flights')] },
    tasks: tasks(['check', 'dbt']),
  },
  after_all: { schedule: { kind: 'after', mode: 'all', assets: UPSTREAMS }, launcher: PROCESS },
  after_any: { schedule: { kind: 'after', mode: 'any', assets: UPSTREAMS }, tasks: tasks(['dbt']) },
  manual: { schedule: { kind: 'manual' }, launcher: PROCESS, description: '', tags: [], lookback: 0 },
  tokyo: {
    schedule: { kind: 'cron', cron: '30 1 * * *', timezone: 'Asia/Tokyo' },
    timezone: 'Asia/Tokyo',
    launcher: PROCESS,
    lookback: 1,
    catchup: true,
    maxActiveRuns: 3,
    retryDelaySeconds: 0.5,
    runTimeoutSeconds: 86_400,
  },
  no_lookback: { lookback: 0, retries: 0, tasks: tasks(['extract']) },
  hostile: {
    description: HOSTILE.description,
    tags: [HOSTILE.tag],
    owner: HOSTILE.owner,
    specFile: HOSTILE.specFile,
    launcher: { kind: 'process', command: HOSTILE.command },
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
