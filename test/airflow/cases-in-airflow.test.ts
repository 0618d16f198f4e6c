import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { emit } from '../../src/compiler/emit.ts';
import { AIRFLOW_VERSIONS } from '../../src/spec/environment.ts';
import { CASES, caseDefinition, HOSTILE, HOSTILE_JOB } from '../compiler/emit/cases.ts';
import { type Inspection, inspect, type Scenario } from './airflow.ts';

const NIGHT = { run_after: '2026-01-31T16:30:00+00:00', data_interval_start: '2026-01-30T16:30:00+00:00' };
const SCENARIOS: Scenario[] = [
  { name: 'scheduled', run_type: 'scheduled', partition_key: '2026-01-31', ...NIGHT },
  { name: 'backfill', run_type: 'backfill', partition_key: '2026-01-31', ...NIGHT },
  { name: 'asked', run_type: 'scheduled', partition: '2024-03-01', partition_key: '2026-01-31', ...NIGHT },
  { name: 'by hand', run_type: 'manual', ...NIGHT },
  {
    name: 'after others',
    run_type: 'scheduled',
    partition_key: '2026-01-31',
    ...NIGHT,
    events: [
      { uri: 'a', partitions: '2026-01-31,2026-01-30' },
      { uri: 'b', partitions: '2026-01-30' },
      // Another producer's event, or one of an older build: it names no partition.
      { uri: 'b' },
    ],
  },
];
const WITHOUT_A_DATE: Scenario = { name: 'without a date', run_type: 'manual', run_after: NIGHT.run_after };

describe.each(AIRFLOW_VERSIONS)('Airflow %s', (version) => {
  let folder = '';
  let found: Inspection;
  const dag = (name: string) => {
    const one = found.dags[name];
    if (one === undefined) throw new Error(`${name} was not found: ${JSON.stringify(found.import_errors)}`);
    return one;
  };
  const partitions = (name: string, scenario: string) => {
    const fields = dag(name).rendered[scenario]?.publish as { op_args: string[] } | undefined;
    return fields?.op_args[0];
  };

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'pipegen-dags-'));
    for (const { path, content } of emit(Object.keys(CASES).map((name) => caseDefinition(name, version)))) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), content);
    }
    const scenarios = version === '2.11' ? SCENARIOS : [...SCENARIOS, WITHOUT_A_DATE];
    found = await inspect(version, folder, { scenarios, pods: true });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('imports every file without an error or a warning', () => {
    expect(found.import_errors).toEqual({});
    expect(found.warnings).toEqual([]);
    expect(Object.keys(found.dags).sort()).toEqual(Object.keys(CASES).sort());
  });

  test.each(Object.keys(CASES))('%s has its steps in their order, and publishes last', (name) => {
    const { tasks } = caseDefinition(name, version);
    const order = [...tasks.map(({ step }) => step), 'publish'];
    const edges = Object.fromEntries(order.map((task, at) => [task, order.slice(at + 1, at + 2)]));
    const ones = dag(name).tasks;
    expect(Object.fromEntries(Object.entries(ones).map(([id, task]) => [id, task.downstream]))).toEqual(
      edges,
    );
    const { publishes } = caseDefinition(name, version);
    expect(ones.publish?.outlets).toEqual([publishes.uri]);
  });

  test('says how to run', () => {
    expect(dag('cron')).toMatchObject({
      description: 'Flights of our airline partners',
      tags: ['aviation', 'partners'],
      catchup: false,
      max_active_runs: 1,
      dagrun_timeout: 21_600,
      // 3.3 counts the starts of runs.
      start_date: { '2.11': '2026-01-01T00:00:00+00:00', '3.3': '2026-01-02T00:00:00+00:00' }[version],
      timezone: 'UTC',
      params: { partition: { value: null, schema: { type: ['null', 'string'], format: 'date' } } },
    });
    expect(dag('cron').doc_md).toContain('definition 0123456789ab');
    expect(dag('tokyo')).toMatchObject({ catchup: true, max_active_runs: 3, dagrun_timeout: 86_400 });
    expect(dag('no_lookback').tasks.extract?.retries).toBe(0);
  });

  test('a start date is midnight in the time zone of the schedule, which the stored DAG keeps', () => {
    const start_date = { '2.11': '2025-12-31T15:00:00+00:00', '3.3': '2026-01-01T15:00:00+00:00' }[version];
    expect(dag('tokyo')).toMatchObject({ timezone: 'Asia/Tokyo', start_date, first_partition: '2026-01-01' });
    expect(dag('tokyo').serialized.dag.timezone).toBe('Asia/Tokyo');
    expect(dag('cron').serialized.dag.timezone).toBe('UTC');
  });

  test('takes the timetable of this version', () => {
    const cron = { '2.11': 'CronDataIntervalTimetable', '3.3': 'CronPartitionTimetable' }[version];
    const after = { '2.11': 'DatasetTriggeredTimetable', '3.3': 'PartitionedAssetTimetable' }[version];
    const timetables = Object.keys(CASES).map((name) => [name, dag(name).timetable]);
    expect(Object.fromEntries(timetables)).toMatchObject({
      cron,
      tokyo: cron,
      after_one: after,
      after_all: after,
      after_any: after,
      after_asset: { '2.11': 'DatasetTriggeredTimetable', '3.3': 'AssetTriggeredTimetable' }[version],
      dates: 'CronDataIntervalTimetable',
      dates_after: { '2.11': 'DatasetTriggeredTimetable', '3.3': 'AssetTriggeredTimetable' }[version],
      manual: 'NullTimetable',
    });
    const stored = (name: string) => JSON.stringify(dag(name).serialized.dag.timetable);
    expect(stored('after_all')).toMatch(/"(dataset|asset)_all"/);
    expect(stored('after_any')).toMatch(/"(dataset|asset)_any"/);
    expect(stored('after_all')).toContain('pipegen://production/pod_');
    expect(stored('after_asset')).toContain('s3://partners/tariffs?region=eu');
  });

  test('a scheduled run works on its day and the days of the lookback', () => {
    expect(partitions('cron', 'scheduled')).toBe(
      { '2.11': '2026-01-28,2026-01-29,2026-01-30', '3.3': '2026-01-29,2026-01-30,2026-01-31' }[version],
    );
    // 16:30 in UTC is the next day in Tokyo.
    expect(partitions('tokyo', 'scheduled')).toBe('2026-01-30,2026-01-31');
    expect(partitions('no_lookback', 'scheduled')).toBe(
      { '2.11': '2026-01-30', '3.3': '2026-01-31' }[version],
    );
  });

  test('by dates, a day is that of the data interval; 3.3 also has runs by hand that have none', () => {
    expect(partitions('dates', 'scheduled')).toBe('2026-01-29,2026-01-30');
    expect(partitions('dates', 'backfill')).toBe('2026-01-30');
    if (version === '3.3') expect(partitions('dates', 'without a date')).toBe('2026-01-30');
  });

  test('a backfill, a run by hand and a day that was asked for have no lookback', () => {
    expect(partitions('tokyo', 'backfill')).toBe('2026-01-31');
    expect(partitions('tokyo', 'by hand')).toBe('2026-01-31');
    const asked = Object.keys(CASES).map((name) => partitions(name, 'asked'));
    expect(new Set(asked)).toEqual(new Set(['2024-03-01']));
  });

  test('a run after others works on what they published, each day once', () => {
    expect(partitions('after_all', 'after others')).toBe(
      { '2.11': '2026-01-30,2026-01-31', '3.3': '2026-01-31' }[version],
    );
    expect(partitions('after_one', 'by hand')).toBe('');
    expect(partitions('dates_after', 'after others')).toBe('2026-01-30,2026-01-31');
    // An asset of somebody else: the last day that was over in the time zone.
    expect(partitions('after_asset', 'after others')).toBe('2026-01-31');
    expect(partitions('after_asset', 'by hand')).toBe('2026-01-31');
    expect(partitions('manual', 'scheduled')).toBe('');
  });

  test('the process launcher adds the identity and the job to the environment of the worker', () => {
    const extract = dag('tokyo').tasks.extract;
    expect(extract).toMatchObject({
      do_xcom_push: false,
      retries: 3,
      retry_delay: 0.5,
      execution_timeout: 1800,
      owner: 'data-platform',
      has_retry_policy: version === '3.3',
      attributes: { append_env: true, skip_on_exit_code: [99] },
    });
    expect(extract?.bases).toContain('BashOperator');
    expect(dag('tokyo').tasks.publish?.has_retry_policy).toBe(false);
    const fields = dag('tokyo').rendered.scheduled?.extract as CommandFields | undefined;
    expect(fields?.bash_command).toBe('pipegen-runtime extract');
    expect(Object.keys(fields?.env ?? {}).at(-1)).toBe('PIPEGEN_JOB');
    expect(fields?.env).toEqual({
      PIPEGEN_PARTITIONS: '2026-01-30,2026-01-31',
      PIPEGEN_DAG_ID: 'tokyo',
      PIPEGEN_TASK_ID: 'extract',
      PIPEGEN_RUN_ID: 'scheduled__2026-01-31T06:00:00+00:00',
      PIPEGEN_TRY_NUMBER: '1',
      PIPEGEN_MAX_TRIES: '3',
      PIPEGEN_JOB: caseDefinition('tokyo', version).jobText,
    });
  });

  test('hostile texts arrive as they were written', () => {
    const hostile = dag('hostile');
    expect(hostile.description).toBe(HOSTILE.description);
    expect(hostile.tags).toEqual([HOSTILE.tag]);
    expect(hostile.tasks.extract?.owner).toBe(HOSTILE.owner);
    const fields = hostile.rendered.scheduled?.load as CommandFields | undefined;
    expect(fields?.bash_command).toBe(`${HOSTILE.command} load`);
    expect(fields?.env.PIPEGEN_JOB).toBe(caseDefinition('hostile', version).jobText);
    expect(JSON.parse(fields?.env.PIPEGEN_JOB ?? '')).toEqual(HOSTILE_JOB);
  });

  test('a pod is what a restricted cluster accepts, with the secret by reference and the job last', () => {
    const pods = dag('cron').pods as Record<string, { metadata: object; spec: { containers: Container[] } }>;
    expect(Object.keys(pods).sort()).toEqual(['check', 'dbt', 'extract', 'load', 'upload']);
    expect(pods.extract?.metadata).toMatchObject({
      namespace: 'data-pipelines',
      name: expect.stringMatching(/^cron-extract-[a-z0-9]+$/),
      annotations: {
        'cluster-autoscaler.kubernetes.io/safe-to-evict': 'false',
        'sidecar.istio.io/inject': 'false',
        'pipegen.dev/definition': 'extract00000',
      },
    });
    expect(pods.extract?.spec).toMatchObject({
      restartPolicy: 'Never',
      activeDeadlineSeconds: 2700,
      terminationGracePeriodSeconds: 60,
      serviceAccountName: 'pipegen',
      volumes: [{ name: 'tmp', emptyDir: { sizeLimit: '2Gi' } }],
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 65532,
        runAsGroup: 65532,
        fsGroup: 65532,
        seccompProfile: { type: 'RuntimeDefault' },
      },
    });
    const container = pods.extract?.spec.containers[0];
    expect(pods.extract?.spec.containers).toHaveLength(1);
    expect(container).toMatchObject({
      name: 'base',
      args: ['extract'],
      image: expect.stringMatching(/@sha256:[0-9a-f]{64}$/),
      imagePullPolicy: 'IfNotPresent',
      terminationMessagePolicy: 'FallbackToLogsOnError',
      volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }],
      resources: {
        requests: { cpu: '500m', memory: '1Gi', 'ephemeral-storage': '2Gi' },
        limits: { memory: '1Gi', 'ephemeral-storage': '2Gi' },
      },
      securityContext: {
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      },
    });
    const secret = { secretKeyRef: { name: 'aviationstack', key: 'access_key' } };
    expect(container?.env).toContainEqual({ name: 'AVIATIONSTACK_ACCESS_KEY', valueFrom: secret });
    expect(pods.upload?.spec.containers[0]?.env.map(({ name }) => name)).not.toContain(
      'AVIATIONSTACK_ACCESS_KEY',
    );
    const own = container?.env.map(({ name }) => name).filter((name) => name.startsWith('PIPEGEN_'));
    expect(own?.at(-1)).toBe('PIPEGEN_JOB');
    expect(dag('cron').tasks.extract).toMatchObject({
      execution_timeout: 3300,
      has_retry_policy: version === '3.3',
    });
  });

  test('each pool guards the tasks that it names, and publishing none', () => {
    const poolsOf = (name: string) =>
      Object.fromEntries(Object.entries(dag(name).tasks).map(([id, { pool }]) => [id, pool]));
    const others = { extract: 'default_pool', upload: 'default_pool', publish: 'default_pool' };
    const file = 'duckdb.pipegen.warehouse';
    expect(poolsOf('tokyo')).toEqual({ ...others, load: file, check: file, dbt: file });
    const table = 'snowflake.ANALYTICS.RAW.FLIGHTS';
    expect(poolsOf('cron')).toEqual({ ...others, load: table, check: 'default_pool', dbt: 'default_pool' });
  });

  test('each retry waits twice as long as the one before, unless told otherwise', () => {
    const doubling = {
      retry_exponential_backoff: { '2.11': true, '3.3': 2 }[version],
      max_retry_delay: 3600,
    };
    expect(dag('cron').tasks.extract).toMatchObject({ retries: 3, retry_delay: 300, ...doubling });
    expect(dag('manual').tasks.extract).toMatchObject({ retry_delay: 300, max_retry_delay: null });
    expect(dag('manual').tasks.extract?.retry_exponential_backoff).toBe({ '2.11': false, '3.3': 0 }[version]);
    expect(dag('tokyo').tasks.load?.retries).toBe(0);
    expect(dag('own_pods').tasks.extract).toMatchObject({ retries: 6, execution_timeout: 8700, ...doubling });
    expect(dag('own_pods').tasks.upload).toMatchObject({ retries: 3, execution_timeout: 3300 });
  });

  // One file for both versions: the same pod, whatever Airflow asks for it.
  test.each(['cron', 'placed', 'own_pods', 'groups'])(
    'the pods of %s are the ones that were reviewed',
    async (name) => {
      await expect(manifest(dag(name).pods)).toMatchFileSnapshot(`pods/${name}.yaml`);
    },
  );

  test('what Jinja would read in labels of nodes, annotations and environment arrives as it was written', () => {
    const extract = dag('placed').rendered.scheduled?.extract;
    expect(extract?.node_selector).toEqual({ 'cloud.google.com/gke-nodepool': 'pipelines', odd: '{{ ds }}' });
    expect(extract?.annotations).toMatchObject({
      'example.com/team': 'data {{ team }}',
      'sidecar.istio.io/inject': 'true',
    });
    // Two dollars are Kubernetes' way to write one, `$(HOME)` would be another variable's value.
    const env = JSON.stringify(extract?.env_vars);
    expect(env).toContain('$$(HOME) $$$$ $$5 {% raw %}');
  });

  test('an extract in groups is a mapped task, each instance with its share and all that it has in common', () => {
    const { extract, upload, load } = dag('groups').tasks;
    expect(extract).toMatchObject({
      mapped: 4,
      retries: 3,
      execution_timeout: 3300,
      do_xcom_push: false,
      has_retry_policy: version === '3.3',
      attributes: { skip_on_exit_code: [99], active_deadline_seconds: 2700, deferrable: false },
    });
    expect([upload?.trigger_rule, load?.trigger_rule]).toEqual([
      'none_failed_min_one_success',
      'all_success',
    ]);
    expect([upload?.mapped, load?.mapped]).toEqual([null, null]);
    const pods = dag('groups').rendered.scheduled ?? {};
    expect([0, 1, 2, 3].map((index) => pods[`extract [${index}]`]?.arguments)).toEqual([
      ['extract', '1/4'],
      ['extract', '2/4'],
      ['extract', '3/4'],
      ['extract', '4/4'],
    ]);
    expect(pods['extract [3]']?.env_vars).toEqual(pods['extract [0]']?.env_vars);
    const processes = dag('groups_of_processes').rendered.asked ?? {};
    const { env, ...rest } = processes['extract [1]'] as unknown as CommandFields;
    expect(rest).toMatchObject({ bash_command: 'pipegen-runtime extract 2/4' });
    expect(env).toMatchObject({ PIPEGEN_PARTITIONS: '2024-03-01', PIPEGEN_MAX_TRIES: '3' });
  });

  test('a long name becomes a name that Kubernetes takes', () => {
    const long = Object.keys(CASES).find((name) => name.startsWith('long_')) ?? '';
    const names = Object.values(dag(long).pods).map(
      (pod) => (pod as { metadata: { name: string } }).metadata.name,
    );
    expect(names.filter((name) => !/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(name))).toEqual([]);
  });
});

/** As a manifest; without what is drawn by lot, the version, and the texts that have tests of their own. */
function manifest(pods: object): string {
  const plain = JSON.parse(JSON.stringify(pods), (key, value) => {
    if (key === 'airflow_version') return '…';
    if (key === 'name' && typeof value === 'string') return value.replace(/^([a-z-]+-)[a-z0-9]{8}$/, '$1…');
    const long = value?.name === 'PIPEGEN_JOB' || value?.name === 'PIPEGEN_PARTITIONS';
    return long ? { name: value.name, value: '…' } : value;
  });
  return stringify(plain, { lineWidth: 0, aliasDuplicateObjects: false });
}

interface CommandFields {
  readonly bash_command: string;
  readonly env: Readonly<Record<string, string>>;
}

interface Container {
  readonly env: readonly { readonly name: string; readonly valueFrom?: object }[];
}
