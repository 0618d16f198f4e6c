/** A spec with several keys wherever it has keys. */
export const SPEC = {
  version: 1,
  secrets: { api_key: 'API_KEY', other_key: 'OTHER_KEY' },
  sources: {
    api: {
      kind: 'http',
      base_url: 'https://${variables.host}/${variables.version}',
      auth: { kind: 'api_key', in: 'query', name: 'key', secret: 'api_key' },
      rate_limit: { requests: 5, per: '1s' },
      max_requests: 1000,
    },
    other: {
      kind: 'http',
      base_url: 'https://other.example.com',
      max_requests: 1000,
      auth: { kind: 'api_key', in: 'header', name: 'key', secret: 'other_key' },
    },
  },
  environments: {
    local: {
      airflow: '2.11',
      launcher: { kind: 'process', command: 'pipegen-runtime' },
      store: { kind: 'files', root: '.pipegen' },
      warehouse: { kind: 'duckdb', path: 'warehouse.duckdb', schema: 'raw' },
      variables: { host: 'localhost', version: 'v1', unused: 'x' },
    },
    production: {
      airflow: '3.3',
      launcher: {
        kind: 'kubernetes',
        image: { repository: 'registry.example.com/pipegen', digest_file: 'image.digest' },
        namespace: 'data',
        service_account: 'pipegen',
        secrets: {
          api_key: { kubernetes: 'api', key: 'key' },
          other_key: { kubernetes: 'other', key: 'key' },
        },
        env: { HTTPS_PROXY: 'http://proxy:3128', NO_PROXY: 'localhost' },
        annotations: { 'example.com/team': 'data', 'example.com/cost': 'high' },
        node_selector: { pool: 'batch', zone: 'a' },
      },
      store: { kind: 'gcs', bucket: 'bucket', prefix: 'pipegen' },
      warehouse: {
        kind: 'snowflake',
        account: 'acme',
        database: 'ANALYTICS',
        schema: 'raw',
        compute: 'LOADING',
        role: 'LOADER',
        stage: 'STAGE',
        auth: { kind: 'workload_identity', provider: 'gcp' },
      },
      variables: { host: 'api.example.com', version: 'v1' },
      overrides: { orders: { retries: 5, timeout: '1h' }, returns: { retries: 1 } },
    },
  },
  defaults: { owner: 'data-platform', retries: 2 },
  pipelines: {
    orders: {
      description: 'Orders of İstanbul',
      tags: ['b', 'a'],
      schedule: { cron: '0 6 * * *', timezone: 'Europe/Berlin' },
      partition: { lookback: 2 },
      extract: {
        source: 'api',
        path: '/orders',
        query: { date: '${partition}', region: '${slice.region}' },
        slices: { region: ['eu', 'us'], parallel: 2, on_empty: 'fail' },
        paginate: { kind: 'offset', page_size: 100, total: 'total' },
        records: 'data',
      },
      columns: { order_date: { type: 'date', required: true }, id: { from: ['id', 'nr'], required: true } },
      key: { columns: ['order_date', 'id'], max_duplicates: '1%' },
      load: { table: 'orders', partition_column: 'order_date' },
      checks: [{ row_count: { min: 1, max: 10 } }],
      dbt: { project: 'dbt', select: ['tag:orders'] },
    },
    returns: {
      extract: { source: 'other', path: '/returns' },
      columns: { id: {} },
      load: { table: 'returns' },
    },
    report: {
      schedule: { after: { all: ['orders', 'returns'] } },
      dbt: { project: 'dbt', select: ['tag:report'] },
    },
  },
} as const;

/** Their order says something: of the table's columns, and of the parameters in a request. */
const ORDERED = ['columns', 'query'];

/**
 * The same with the keys of each map in another order.
 * @param next a number from 0 to below 1, as of `Math.random`
 */
export function shuffled(value: unknown, next: () => number, key = ''): unknown {
  if (Array.isArray(value)) return value.map((one) => shuffled(one, next));
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).map(([name, one]) => [name, shuffled(one, next, name)] as const);
  if (ORDERED.includes(key)) return Object.fromEntries(entries);
  const ranked = entries.map((entry) => ({ entry, rank: next() }));
  return Object.fromEntries(ranked.sort((a, b) => a.rank - b.rank).map(({ entry }) => entry));
}
