import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { AIRFLOW_VERSIONS } from '../../src/spec/environment.ts';
import { compileText } from '../compiler/diff/project.ts';
import { inspect } from './airflow.ts';

const LABEL = 'azure.workload.identity/use';

const spec = (version: string) => `
version: 1
sources: { api: { kind: http, base_url: "https://api.example.com", max_requests: 1000 } }
environments:
  production:
    airflow: "${version}"
    launcher:
      kind: kubernetes
      image: { repository: registry.example.com/pipegen }
      namespace: data
      service_account: reader
      workload_identity: { loader: { azure: 0f4c1d3b-0c1f-4a0c-8c5d-8a6c2e5b9f3a } }
    store: { kind: gcs, bucket: raw }
    warehouse: { kind: duckdb, path: lake.duckdb, schema: raw }
  turned:
    extends: production
    launcher: { service_account: loader }
    overrides: { orders: { steps: { load: { service_account: reader } } } }
defaults: { owner: data }
pipelines:
  orders:
    extract: { source: api, path: /orders, records: data }
    columns: { id: { type: bigint } }
    load: { table: orders }
    steps: { load: { service_account: loader } }
`;

interface Pod {
  readonly metadata: { readonly labels: Readonly<Record<string, string>> };
}

test.each(AIRFLOW_VERSIONS)(
  'Airflow %s labels the pods of an identity of Azure, and no others',
  async (version) => {
    const folder = mkdtempSync(join(tmpdir(), 'pipegen-identity-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    for (const { path, content } of compileText(spec(version)).files) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), content);
    }
    const labels = async (environment: string) => {
      const found = await inspect(version, join(folder, environment, 'dags'), { pods: true });
      expect(found).toMatchObject({ import_errors: {}, warnings: [] });
      const pods = Object.entries(found.dags.orders?.pods ?? {}) as [string, Pod][];
      return Object.fromEntries(pods.map(([task, { metadata }]) => [task, metadata.labels[LABEL]]));
    };
    expect(await labels('production')).toEqual({ load: 'true' });
    expect(await labels('turned')).toEqual({ extract: 'true', upload: 'true', check: 'true' });
  },
);
