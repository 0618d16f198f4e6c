import { describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { compile } from '../../../src/compiler/compile.ts';
import type { DagDefinition, TaskDefinition } from '../../../src/compiler/dag.ts';
import { merge } from '../../../src/compiler/layers.ts';

const SPEC = `
version: 1
sources:
  api: { kind: http, base_url: https://api.example.com, max_requests: 1000 }
environments:
  here:
    airflow: "3.3"
    launcher: { kind: process }
    store: { kind: files, root: lake }
    warehouse: { kind: duckdb, path: ./data//lake.duckdb, schema: raw }
  cluster:
    airflow: "2.11"
    launcher:
      kind: kubernetes
      image: { repository: registry.example.com/pipegen }
      namespace: data
      service_account: pipegen
    store: { kind: gcs, bucket: bucket }
    warehouse:
      kind: snowflake
      account: acme
      database: Analytics
      schema: raw
      compute: LOADING
      role: LOADER
      stage: STAGE
      auth: { kind: workload_identity, provider: gcp }
defaults: { owner: airflow }
pipelines:
  flights:
    extract: { source: api, path: /flights, paginate: { kind: offset, page_size: 100, total: meta.total } }
    columns: { flight: {} }
    load: { table: flights }
    dbt: { project: dbt, select: ["tag:flights"] }
`;

/** The DAGs of the spec with a fragment laid over it, by `environment/name`. */
function lowered(fragment = '{}'): Record<string, DagDefinition> {
  const { dags, findings } = compile({
    file: 'pipelines.yaml',
    bytes: Buffer.from(stringify(merge(parse(SPEC), parse(fragment)))),
    readText: () => `sha256:${'0'.repeat(64)}`,
  });
  expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  return Object.fromEntries(dags.map((dag) => [`${dag.environment}/${dag.dagId}`, dag]));
}

function each<Value>(dag: DagDefinition | undefined, of: (task: TaskDefinition) => Value) {
  return Object.fromEntries((dag?.tasks ?? []).map((task) => [task.step, of(task)]));
}

describe('pools', () => {
  const pool = (task: TaskDefinition) => task.pool;

  test('one for each DuckDB file, for the steps that open it', () => {
    const name = 'duckdb.data.lake';
    expect(each(lowered()['here/flights'], pool)).toEqual({
      extract: undefined,
      upload: undefined,
      load: name,
      check: name,
      dbt: name,
    });
  });

  test('one for each Snowflake table, for the step that loads it', () => {
    const pools = each(lowered()['cluster/flights'], pool);
    expect(Object.values(pools).filter((one) => one !== undefined)).toEqual([pools.load]);
    expect(pools.load).toBe('snowflake.ANALYTICS.RAW.FLIGHTS');
  });

  test.each([
    ['.pipegen/warehouse.duckdb', 'duckdb.pipegen.warehouse'],
    ['/srv/my data/ware house.db', 'duckdb.srv.my-data.ware-house'],
    ['../über/x.duckdb', 'duckdb.ber.x'],
  ])('a file %s has the pool %s', (path, name) => {
    const dags = lowered(stringify({ environments: { here: { warehouse: { path } } } }));
    expect(each(dags['here/flights'], pool).load).toBe(name);
  });

  test('a long path has a name that Airflow can store, and no other long path has it', () => {
    const names = ['a', 'b'].map((end) => {
      const path = `${'folder/'.repeat(60)}${end}.duckdb`;
      const dags = lowered(stringify({ environments: { here: { warehouse: { path } } } }));
      return each(dags['here/flights'], pool).load ?? '';
    });
    expect(new Set(names).size).toBe(2);
    expect(names.map((name) => name.length)).toEqual([200, 200]);
  });
});

describe('settings of one step', () => {
  const IMAGE = `registry.example.com/big@sha256:${'1'.repeat(64)}`;
  const dags = () =>
    lowered(`
defaults: { retry_backoff: { max: 20m } }
pipelines:
  flights:
    retries: 2
    timeout: 10m
    steps:
      extract: { timeout: 2h, retries: 0 }
      upload: { image: "${IMAGE}", resources: { memory: 4Gi } }
`);

  test('stand instead of those of the pipeline', () => {
    expect(each(dags()['here/flights'], (task) => task.timeoutSeconds)).toMatchObject({
      extract: 7200,
      upload: 600,
    });
    expect(each(dags()['here/flights'], (task) => task.retries)).toMatchObject({
      extract: 0,
      upload: undefined,
    });
    expect(dags()['here/flights']).toMatchObject({ retries: 2, maxRetryDelaySeconds: 1200 });
  });

  test('reach pods only, and keep what they do not name', () => {
    const pods = each(dags()['cluster/flights'], ({ image, resources }) => ({ image, resources }));
    expect(pods.upload).toEqual({
      image: IMAGE,
      resources: { cpu: '500m', memory: '4Gi', ephemeral_storage: '2Gi' },
    });
    expect(pods.extract).toEqual({ image: undefined, resources: undefined });
    expect(each(dags()['here/flights'], (task) => 'image' in task || 'resources' in task).upload).toBe(false);
  });

  test('change the definition of their task and of no other', () => {
    const before = each(lowered()['cluster/flights'], (task) => task.definition);
    const changed = lowered('pipelines: { flights: { steps: { upload: { resources: { cpu: "2" } } } } }');
    const after = each(changed['cluster/flights'], (task) => task.definition);
    const different = Object.keys(after).filter((step) => after[step] !== before[step]);
    expect(different).toEqual(['upload']);
  });
});

describe('what starts a pipeline', () => {
  test('an asset of somebody else', () => {
    const dags = lowered('pipelines: { flights: { schedule: { after: { asset: "s3://partners/key" } } } }');
    expect(dags['here/flights']?.schedule).toEqual({ kind: 'asset', uri: 's3://partners/key' });
  });

  test('is told in the lineage of the one before, and an unrelated pipeline changes nothing', () => {
    const alone = lowered();
    const other = 'dbt: { project: dbt, select: [other] }';
    const beside = lowered(`pipelines: { other: { ${other} } }`);
    expect(beside['here/flights']).toEqual(alone['here/flights']);
    const after = lowered(`pipelines: { other: { schedule: { after: { any: [flights] } }, ${other} } }`);
    expect(after['here/flights']?.lineage).toEqual({
      source: { name: 'api', path: '/flights' },
      table: 'raw.flights in ./data//lake.duckdb',
      dbt: ['tag:flights'],
      downstream: ['other'],
    });
    expect(after['cluster/flights']?.lineage.table).toBe('ANALYTICS.RAW.FLIGHTS');
  });
});

describe('an extract in groups', () => {
  const sliced = (more: string) =>
    lowered(`
pipelines:
  flights:
    extract: { query: { airline: "\${slice.airline}" }, slices: { airline: [AA, LH, NH]${more} } }
`);

  test('is one task that is mapped, and the one after it waits for those that have something', () => {
    for (const dag of Object.values(sliced(', pods: 3'))) {
      expect(each(dag, ({ pods }) => pods)).toMatchObject({ extract: 3, upload: undefined });
      expect(each(dag, ({ afterPods }) => afterPods)).toMatchObject({ upload: true, load: undefined });
      expect(JSON.parse(dag.jobText).extract.slices).toMatchObject({ pods: 3 });
    }
  });

  test('of one group is as one without the word', () => {
    expect(sliced(', pods: 1')).toEqual(sliced(''));
  });
});

test.each([
  ['slices: { airline: [AA, LH], pods: 3 }', '3 pods share 2 slices', 'set pods to 2 at most'],
  ['slices: { airline: [AA], pods: 2 }', '2 pods share 1 slice', 'leave pods out'],
  ['slices: { window: { every: 6h }, pods: 5 }', '5 pods share 4 slices', 'set pods to 4 at most'],
  [
    'slices: { airline: [AA, LH, NH], pods: 3 }, max_requests: 2',
    '3 pods share 2 requests (max_requests)',
    'raise',
  ],
  [
    'slices: { airline: [AA, LH, NH, JL, BA, QF], pods: 6 }',
    '6 pods share 5 requests (rate_limit of the source)',
    'count the rate over a longer time: 6 requests, say, in 6 times as long',
  ],
])('%s is refused, with what to do', (extract, message, help) => {
  const query = '{ from: "${slice.window.start}", airline: "${slice.airline}" }';
  const words = extract.includes('window')
    ? query.replace(/, airline.*"/, '')
    : query.replace(/from.*?, /, '');
  const fragment = `
sources: { api: { rate_limit: { requests: 5, per: 1s } } }
pipelines: { flights: { extract: { query: ${words}, ${extract} } } }
`;
  const { findings } = compile({
    file: 'pipelines.yaml',
    bytes: Buffer.from(stringify(merge(parse(SPEC), parse(fragment)))),
    readText: () => `sha256:${'0'.repeat(64)}`,
  });
  const errors = findings.filter(({ severity }) => severity === 'error');
  expect(errors).toMatchObject([{ message, help: expect.stringContaining(help) }]);
});
