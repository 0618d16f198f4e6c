import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { compile } from '../../../src/compiler/compile.ts';
import { readSecret } from '../../../src/runtime/secrets.ts';
import { AIRFLOW_VERSIONS, type AirflowVersion } from '../../../src/spec/environment.ts';
import { inAirflow } from './python.ts';

function build(secret: string, airflow: AirflowVersion = '3.3') {
  const text = `version: 1
secrets: { api_key: API_KEY }
sources:
  api:
    kind: http
    base_url: https://api.example.com/v1
    max_requests: 1000
    auth: { kind: api_key, in: query, name: key, secret: api_key }
environments:
  production:
    airflow: "${airflow}"
    launcher:
      kind: kubernetes
      image: { repository: registry.example.com/pipegen }
      namespace: data
      service_account: pipegen
      secrets: { api_key: ${secret} }
    store: { kind: files, root: lake }
    warehouse: { kind: duckdb, path: lake.duckdb, schema: raw }
defaults: { owner: airflow }
pipelines:
  flights:
    schedule: { cron: "0 6 * * *" }
    extract: { source: api, path: /flights }
    columns: { flight_date: { type: date, required: true } }
    load: { table: flights }
`;
  const bytes = Buffer.from(text);
  return compile({ file: 'pipelines.yaml', bytes, readText: () => `sha256:${'0'.repeat(64)}` });
}

interface Rendered {
  readonly written: Readonly<Record<string, readonly string[]>>;
  readonly rendered: Readonly<Record<string, string>>;
  readonly shown: Readonly<Record<string, string>>;
}

function render(airflow: AirflowVersion, secret: string, connection: object): Rendered {
  const folder = mkdtempSync(join(tmpdir(), 'pipegen-pod-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = build(secret, airflow).files.find(({ path }) => path.endsWith('flights.py'));
  const content = file?.content ?? '';
  writeFileSync(join(folder, 'flights.py'), content);
  const env = { 'AIRFLOW_CONN_CRM.API-1': JSON.stringify({ conn_type: 'http', ...connection }) };
  return inAirflow(airflow, 'render.py', [folder], null, env) as Rendered;
}

/** What Kubernetes makes of a value: `$$` is one dollar, and `$(NAME)` the variable where there is one. */
function expanded(text: string): string {
  return text.replace(/\$\$|\$\(PATH\)/g, (one) => (one === '$$' ? '$' : '/usr/bin'));
}

describe.each(AIRFLOW_VERSIONS)('a pod of Airflow %s', (version) => {
  test('gets the connection rendered, masked where Airflow shows it, and only for extract', () => {
    const password = 'p$ss-w0rd:@/';
    const { written, rendered, shown } = render(version, '{ airflow_connection: crm.api-1 }', { password });
    expect(readSecret(rendered, 'API_KEY')).toBe(password);
    expect(JSON.stringify(shown)).not.toContain(password);
    expect(JSON.stringify(shown)).toContain('***');
    expect(written.extract?.[0]).toBe('PIPEGEN_CONNECTION_API_KEY');
    expect(written.extract?.at(-1)).toBe('PIPEGEN_JOB');
    expect(written.upload).not.toContain('PIPEGEN_CONNECTION_API_KEY');
  });

  test('reads any password and field, whatever Kubernetes does to a dollar', () => {
    const password = '$$ $(PATH) $$$(PATH) \\$$ "quoted" 東京';
    const { rendered } = render(version, '{ airflow_connection: crm.api-1 }', { password });
    const arrived = Object.fromEntries(Object.entries(rendered).map(([key, one]) => [key, expanded(one)]));
    expect(readSecret(arrived, 'API_KEY')).toBe(password);
    const extra = { api_token: 'token-1' };
    const other = render(version, '{ airflow_connection: crm.api-1, field: api_token }', { extra });
    expect(readSecret(other.rendered, 'API_KEY')).toBe('token-1');
  });
});

test('a build warns of it, and writes no more than the name of the connection', () => {
  const { findings, files } = build('{ airflow_connection: crm }');
  expect(findings.map(({ name }) => name)).toContain('airflow-connection-in-pod');
  expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  const content = files.map((one) => one.content).join('\n');
  expect(content).toContain("conn['crm'].as_json()");
  expect(content).not.toContain('cncf.kubernetes.secret');
});

test.each([
  ['{ kubernetes: crm }', 'needs kubernetes and key together'],
  ['{}', 'needs either kubernetes and key, or airflow_connection'],
  [
    '{ kubernetes: crm, key: k, airflow_connection: crm }',
    'needs either kubernetes and key, or airflow_connection',
  ],
  ['{ kubernetes: crm, key: k, field: login }', 'is of a connection: it needs airflow_connection beside it'],
  ['{ airflow_connection: "x\'] }}" }', 'must be a connection id of Airflow'],
])('%s is refused', (secret, message) => {
  expect(
    build(secret)
      .findings.map((one) => one.message)
      .join('\n'),
  ).toContain(message);
});
