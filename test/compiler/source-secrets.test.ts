import { expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { check } from '../../src/compiler/compile.ts';
import { merge } from '../../src/compiler/layers.ts';
import { lower } from '../../src/compiler/lower.ts';

const SPEC = `
version: 1
secrets: { id: CLIENT_ID, secret: CLIENT_SECRET, password: PASSWORD }
sources:
  crm:
    kind: http
    rate_limit: { requests: 5, per: 1s }
    max_requests: 1000
    base_url: "\${variables.api}/v1"
    headers: { X-Region: "\${variables.region}" }
    auth: { kind: oauth2, token_url: "\${variables.login}/token", client_id: id, client_secret: secret }
environments:
  pods:
    airflow: "3.3"
    launcher:
      kind: kubernetes
      image: { repository: registry.example.com/pipegen }
      namespace: data
      service_account: pipegen
      secrets: { id: { kubernetes: crm, key: id }, secret: { kubernetes: crm, key: secret } }
    store: { kind: files, root: lake }
    warehouse: { kind: duckdb, path: lake.duckdb, schema: raw }
    variables: { api: "https://api.crm.example", login: "https://login.crm.example", region: west }
  laptop:
    airflow: "3.3"
    launcher: { kind: process }
    store: { kind: files, root: lake }
    warehouse: { kind: duckdb, path: lake.duckdb, schema: raw }
    variables: { api: "https://api.crm.example", login: "https://login.crm.example", region: west }
defaults: { owner: data, alerts: { on_failure: [{ email: { to: [data@example.com] } }] } }
pipelines:
  orders:
    description: Orders
    extract: { source: crm, path: /orders }
    columns: { id: { required: true } }
    load: { table: orders }
`;

const checked = (more = '{}') =>
  check({ file: 'pipelines.yaml', bytes: Buffer.from(stringify(merge(parse(SPEC), parse(more)))) });

function dags() {
  const { spec, findings } = checked();
  expect(findings).toEqual([]);
  if (spec === undefined) throw new Error('the spec has errors');
  const readText = () => `sha256:${'3'.repeat(64)}`;
  return lower(spec, spec.environments, { readText }).value;
}

test('the step that asks gets both secrets of a client, and no other step any', () => {
  const [laptop, pods] = dags().map(({ tasks }) => tasks.map(({ step, secrets }) => [step, secrets]));
  expect(pods).toEqual([
    [
      'extract',
      [
        { variable: 'CLIENT_ID', kubernetes: { name: 'crm', key: 'id' } },
        { variable: 'CLIENT_SECRET', kubernetes: { name: 'crm', key: 'secret' } },
      ],
    ],
    ['upload', []],
    ['load', []],
    ['check', []],
  ]);
  expect(laptop?.[0]).toEqual(['extract', [{ variable: 'CLIENT_ID' }, { variable: 'CLIENT_SECRET' }]]);
});

test('variables are filled in wherever a source may have them, at build or by the process', () => {
  const [laptop, pods] = dags().map(({ jobText }) => JSON.parse(jobText));
  expect(pods.extract.source).toMatchObject({
    base_url: 'https://api.crm.example/v1',
    headers: { 'X-Region': 'west' },
    auth: {
      token_url: 'https://login.crm.example/token',
      client_id: 'CLIENT_ID',
      client_secret: 'CLIENT_SECRET',
    },
  });
  expect(laptop.extract.source.auth.token_url).toBe('${variables.login}/token');
  expect(laptop.variables).toEqual({
    api: 'https://api.crm.example',
    login: 'https://login.crm.example',
    region: 'west',
  });
});

test.each([
  [
    '{ sources: { crm: { auth: { client_secret: secrte } } } }',
    'unknown-secret',
    'there is no secret "secrte"',
  ],
  ['{ sources: { crm: { auth: { client_id: password } } } }', 'secret-not-mounted', 'the secret "password"'],
  ['{ sources: { crm: { auth: { token_url: "${variables.lgoin}" } } } }', 'unknown-variable', '"lgoin"'],
  ['{ sources: { crm: { headers: { X-Day: "${partition}" } } } }', 'unknown-placeholder', '"${partition}"'],
  ['{ sources: { crm: { headers: { "X Day": a } } } }', 'invalid-name', 'is no name of a header'],
  ['{ sources: { crm: { headers: { X-Day: "a\\nb" } } } }', 'invalid-value', 'plain ASCII'],
  ['{ sources: { crm: { max_response: 1GiB } } }', 'invalid-value', '512MiB or less'],
  ['{ sources: { crm: { allow_hosts: ["https://a.example"] } } }', 'invalid-value', 'must be a host'],
  ['{ sources: { crm: { headers: { X-Api-Key: abc } } } }', 'secret-looking-literal', '"X-Api-Key"'],
  [
    '{ pipelines: { orders: { extract: { query: { access_token: abc } } } } }',
    'secret-looking-literal',
    '"access_token"',
  ],
  [
    '{ sources: { crm: { base_url: "https://me:pass@api.example" } } }',
    'secret-looking-literal',
    'user or password',
  ],
])('%s: %s', (more, name, message) => {
  const { findings } = checked(more);
  expect(findings.map((one) => one.name)).toContain(name);
  expect(findings.map((one) => one.message).join('\n')).toContain(message);
});

test('a page token is no credential', () => {
  expect(
    checked('{ pipelines: { orders: { extract: { query: { page_token: a, token_type: b } } } } }').findings,
  ).toEqual([]);
});
