/** What the environments of these tests have in common; `environments` is filled in by each. */
const BASE = `
version: 1
secrets: { api_key: API_KEY, snowflake_key: SNOWFLAKE_KEY }
sources:
  api: { kind: http, base_url: "https://api.example.com", auth: { kind: api_key, in: header, name: x-key, secret: api_key } }
pipelines:
  orders:
    extract: { source: api, path: /orders, records: data }
    columns:
      id: { type: bigint, required: true }
      select: {}
      order: { type: integer }
      price: { type: "decimal(12,4)" }
      weight: { type: double }
      paid: { type: boolean }
      day: { type: date }
      seen_at: { type: timestamp }
      seen_local: { type: local_timestamp }
      opens: { type: time }
      more: { type: json }
      tags: { type: list(string) }
    load: { table: table }
`;

const DBT = `    dbt: { project: dbt, select: ["tag:orders"] }
    steps: { dbt: { timeout: 2h } }
`;

/** Through a stage over the bucket, by the identity of the pod, with dbt. */
export const EXTERNAL = `${BASE}${DBT}environments:
  production:
    airflow: "3.3"
    launcher: { kind: process }
    store: { kind: gcs, bucket: acme-raw, prefix: lake/pipegen }
    warehouse:
      kind: snowflake
      account: acme-eu1
      database: Acme
      schema: raw
      compute: loading
      role: acme_loader
      stage: PIPEGEN_STAGE
      auth: { kind: workload_identity, provider: gcp }
`;

/** Files that load sends itself, by a key, without dbt; a role that is called otherwise. */
export const INTERNAL = `${BASE}environments:
  sandbox:
    airflow: "3.3"
    launcher: { kind: process }
    store: { kind: files, root: lake }
    warehouse:
      kind: snowflake
      account: acme-eu1
      database: SANDBOX
      schema: raw
      compute: SMALL
      role: INGEST
      stage: internal
      auth: { kind: key_pair, user: ingest@acme.example, secret: snowflake_key }
`;

/** The spec with words of SQL allowed for names, which it has to show that every name is quoted. */
export function silenced(text: string): string {
  return text.replace(
    /^( *)(?=select: \{|order:|.*table: table)/gm,
    '$1# pipegen-ignore reserved-name: to see that every name is quoted\n$1',
  );
}
