/** What a spec says before its pipelines: one environment, Airflow 3.3, one pod for each step. */
const HEAD = `version: 1

secrets:
  api_key: API_KEY

sources:
  api:
    kind: http
    base_url: https://api.example.com/v1
    auth: { kind: api_key, in: query, name: access_key, secret: api_key }
    max_requests: 1000

environments:
  production:
    airflow: "3.3"
    launcher:
      kind: kubernetes
      image: { repository: registry.example.com/data/pipegen }
      namespace: data-pipelines
      service_account: pipegen
      secrets: { api_key: { kubernetes: api, key: access_key } }
    store: { kind: gcs, bucket: acme-raw, prefix: pipegen }
    warehouse:
      kind: snowflake
      account: acme-eu1
      database: ANALYTICS
      schema: raw
      compute: LOADING
      role: PIPEGEN_LOADER
      stage: PIPEGEN_STAGE
      auth: { kind: workload_identity, provider: gcp }

defaults:
  owner: data-platform
  retries: 3

pipelines:
`;

/** `orders_0007`: sorted as they are numbered. */
export function pipelineName(index: number): string {
  return `orders_${String(index).padStart(5, '0')}`;
}

/**
 * A spec of pipelines with all five steps, of the size that people write.
 * @param count pipelines
 * @param changed the one whose description is another, if any
 */
export function specText(count: number, changed?: number): string {
  const pipelines = Array.from({ length: count }, (_, index) => pipelineText(index, index === changed));
  return HEAD + pipelines.join('\n');
}

function pipelineText(index: number, changed: boolean): string {
  const name = pipelineName(index);
  return `  ${name}:
    description: ${changed ? 'Orders, said anew' : 'Orders'} of region ${index}
    tags: [orders]
    schedule: { cron: "${index % 60} 6 * * *", timezone: UTC }
    partition: { lookback: 2 }
    extract:
      source: api
      path: /orders
      query: { date: "\${partition}", region: "${index}" }
      paginate: { kind: offset, page_size: 1000, total: pagination.total }
      records: data
    columns:
      order_date: { type: date, required: true }
      order_id: { from: id, required: true }
      status: { accepted: [open, paid, shipped, returned] }
      customer: { from: [customer.id, customer.email] }
      amount: { type: double, min: 0 }
    key: { columns: [order_date, order_id], max_duplicates: 3% }
    load: { table: ${name}, partition_column: order_date }
    checks:
      - { row_count: { min: 1 } }
      - { reconcile: { tolerance: 0% } }
    dbt: { project: dbt, select: ["tag:${name}"] }
`;
}

/** A digest of an image that nobody has pulled. */
export const DIGEST = `sha256:${'0'.repeat(64)}\n`;
