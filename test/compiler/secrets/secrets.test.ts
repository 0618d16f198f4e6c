import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { check } from '../../../src/compiler/compile.ts';
import { AIRFLOW_VERSIONS } from '../../../src/spec/environment.ts';
import { KUBECONFIG } from '../../airflow/airflow.ts';
import { inAirflow } from '../../runtime/connection/python.ts';

const ENTRY = fileURLToPath(new URL('../../../bin/pipegen.js', import.meta.url));
const LOOK = pathToFileURL(fileURLToPath(new URL('look.py', import.meta.url))).href;

/** In every secret, whichever place it is kept in. */
const MARKER = 'do-not-tell-4711';

const VARIABLES = { API_KEY: `${MARKER}-api`, SNOWFLAKE_KEY: `${MARKER}-snowflake` };
const connection = (type: string) => JSON.stringify({ conn_type: type, password: `${MARKER}-${type}` });
/** What Airflow and its workers have in their environment. */
const ENVIRONMENT = {
  ...VARIABLES,
  AIRFLOW_CONN_API: connection('http'),
  AIRFLOW_CONN_WAREHOUSE: connection('generic'),
  AIRFLOW_CONN_CHAT: connection('slack'),
  AIRFLOW_CONN_MAIL: connection('smtp'),
  AIRFLOW_CONN_DBT: connection('dbt_cloud'),
};

const LAUNCHERS = {
  process: '{ kind: process }',
  mounted: `{
      <<: *pods,
      secrets: { api_key: { kubernetes: api, key: key }, snowflake_key: { kubernetes: snowflake, key: key } },
    }`,
  rendered: `{
      <<: *pods,
      secrets: { api_key: { airflow_connection: api }, snowflake_key: { airflow_connection: warehouse } },
    }`,
} as const;

const SPEC = `version: 1
secrets: { api_key: API_KEY, snowflake_key: SNOWFLAKE_KEY }
sources:
  api:
    kind: http
    base_url: https://api.example.com/v1
    max_requests: 1000
    auth: { kind: api_key, in: query, name: key, secret: api_key }
environments:
  base: &base
    airflow: "3.3"
    launcher: &pods
      kind: kubernetes
      image: { repository: registry.example.com/pipegen }
      namespace: data
      service_account: pipegen
      secrets: { api_key: { kubernetes: api, key: key }, snowflake_key: { kubernetes: snowflake, key: key } }
    store: { kind: gcs, bucket: raw-data }
    warehouse:
      kind: snowflake
      account: acme
      database: ANALYTICS
      schema: raw
      compute: LOADING
      role: LOADER
      stage: STAGE
      auth: { kind: key_pair, user: loader, secret: snowflake_key }
${AIRFLOW_VERSIONS.flatMap((version) =>
  Object.entries(LAUNCHERS).map(
    ([name, launcher]) => `  ${name}_${version.replace('.', '_')}:
    <<: *base
    airflow: "${version}"
    launcher: ${launcher}
`,
  ),
).join('')}defaults:
  owner: airflow
  alerts:
    on_failure: [{ slack: { connection: chat, channel: data } }, { email: { connection: mail, to: [a@example.com] } }]
pipelines:
  flights:
    schedule: { cron: "0 6 * * *" }
    extract: { source: api, path: /flights }
    columns: { flight_date: { type: date, required: true } }
    load: { table: flights }
    dbt: { project: dbt, select: [flights] }
  cloud:
    schedule: { after: { all: [flights] } }
    dbt: { runner: dbt_cloud, connection: dbt, job_id: 7 }
`;

interface Variable {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: { readonly secretKeyRef: { readonly name: string; readonly key: string } };
}

interface Looked {
  readonly given: object;
  readonly shown: object;
  readonly pod: { readonly spec: { readonly containers: readonly { readonly env: readonly Variable[] }[] } };
}

type Seen = Readonly<
  Record<string, { readonly serialized: object; readonly tasks: Readonly<Record<string, Looked>> }>
>;

let folder: string;
let said: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'pipegen-secrets-'));
  writeFileSync(join(folder, 'pipelines.yaml'), SPEC);
  writeFileSync(join(folder, 'image.digest'), `sha256:${'0'.repeat(64)}\n`);
  const env = { ...process.env, ...ENVIRONMENT };
  said = execFileSync(process.execPath, [ENTRY, 'build'], { cwd: folder, env, encoding: 'utf8' });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a build where every secret is in the environment writes and says none of them', () => {
  const written = readdirSync(join(folder, 'generated'), { recursive: true, encoding: 'utf8' })
    .map((path) => join(folder, 'generated', path))
    .filter((path) => statSync(path).isFile());
  const dags = written.filter((path) => path.endsWith('.py'));
  // Two pipelines in six environments and the one that they share their settings with.
  expect(dags).toHaveLength(14);
  expect(written.filter((path) => readFileSync(path, 'utf8').includes(MARKER))).toEqual([]);
  expect(said).not.toContain(MARKER);
  const requirements = (environment: string) =>
    readFileSync(join(folder, 'generated', environment, 'requirements.md'), 'utf8');
  expect(requirements('mounted_3_3')).toContain('--from-literal=key="$SNOWFLAKE_KEY"');
  expect(requirements('rendered_3_3')).toContain('airflow connections add warehouse');
  expect(requirements('process_3_3')).toContain('`SNOWFLAKE_KEY`');
});

describe.each(AIRFLOW_VERSIONS)('Airflow %s', (version) => {
  const look = (launcher: keyof typeof LAUNCHERS): Seen => {
    const dags = join(folder, 'generated', `${launcher}_${version.replace('.', '_')}`, 'dags');
    const kubeconfig = join(folder, 'kubeconfig.json');
    writeFileSync(kubeconfig, KUBECONFIG);
    return inAirflow(version, LOOK, [dags], null, { ...ENVIRONMENT, KUBECONFIG: kubeconfig }) as Seen;
  };
  /** The tasks in which something holds the marker. */
  const holding = (seen: Seen, part: keyof Looked) =>
    Object.entries(seen.flights?.tasks ?? {}).flatMap(([task, looked]) =>
      JSON.stringify(looked[part] ?? '').includes(MARKER) ? [task] : [],
    );
  const envOf = (seen: Seen, task: string) => seen.flights?.tasks[task]?.pod.spec.containers[0]?.env ?? [];

  test('a process has its secrets from the worker: nothing of them is stored, given or shown', () => {
    const seen = look('process');
    expect(Object.keys(seen).sort()).toEqual(['cloud', 'flights']);
    expect(JSON.stringify(seen)).not.toContain(MARKER);
  });

  test('a pod gets Kubernetes secrets by their names, each only where it is needed', () => {
    const seen = look('mounted');
    expect(JSON.stringify(seen)).not.toContain(MARKER);
    const mounted = Object.keys(seen.flights?.tasks ?? {}).flatMap((task) => {
      if (task === 'publish') return [];
      const references = envOf(seen, task).filter(({ valueFrom }) => valueFrom?.secretKeyRef !== undefined);
      return [[task, references.map(({ name, valueFrom }) => [name, valueFrom?.secretKeyRef])]];
    });
    const warehouse = [['SNOWFLAKE_KEY', { name: 'snowflake', key: 'key' }]];
    expect(Object.fromEntries(mounted)).toEqual({
      extract: [['API_KEY', { name: 'api', key: 'key' }]],
      upload: [],
      load: warehouse,
      check: warehouse,
      dbt: warehouse,
    });
  });

  test('a connection of Airflow is in the pod, as the warning says, and stored or shown nowhere', () => {
    const seen = look('rendered');
    const needing = ['check', 'dbt', 'extract', 'load'];
    expect(holding(seen, 'given').sort()).toEqual(needing);
    expect(holding(seen, 'pod').sort()).toEqual(needing);
    expect(holding(seen, 'shown')).toEqual([]);
    expect(JSON.stringify(Object.values(seen).map(({ serialized }) => serialized))).not.toContain(MARKER);
    expect(envOf(seen, 'load').map(({ name }) => name)).toContain('PIPEGEN_CONNECTION_SNOWFLAKE_KEY');
    expect(envOf(seen, 'extract').map(({ name }) => name)).not.toContain('PIPEGEN_CONNECTION_SNOWFLAKE_KEY');
  });
});

test('a pod that would not get the key of the warehouse is an error', () => {
  const text = SPEC.replaceAll('snowflake_key: { kubernetes: snowflake, key: key }', '');
  const { findings } = check({ file: 'pipelines.yaml', bytes: Buffer.from(text) });
  const missing = findings.filter(({ severity }) => severity === 'error');
  expect(missing.map(({ name, message }) => [name, message])).toEqual(
    ['base', 'mounted_2_11', 'mounted_3_3'].map((environment) => [
      'secret-not-mounted',
      `the pods of "${environment}" do not get the secret "snowflake_key"`,
    ]),
  );
});
