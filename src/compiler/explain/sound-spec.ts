import { parse, stringify } from 'yaml';
import { merge } from '../layers.ts';

/** A spec without a finding, over which the examples of the rules are laid. */
export const SOUND_SPEC = `
version: 1
secrets: { api_key: API_KEY }
sources:
  api:
    kind: http
    base_url: https://api.example.com
    auth: { kind: api_key, in: header, name: x-key, secret: api_key }
    rate_limit: { requests: 5, per: 1s }
    max_requests: 500
environments:
  production:
    airflow: "3.3"
    launcher:
      kind: kubernetes
      image: { repository: registry.example.com/pipegen }
      namespace: data
      service_account: pipegen
      secrets: { api_key: { kubernetes: api, key: key } }
    store: { kind: files, root: lake }
    warehouse: { kind: duckdb, path: lake.duckdb, schema: raw }
defaults:
  owner: data-platform
  alerts: { on_failure: [{ email: { to: [data@example.com] } }] }
pipelines:
  flights:
    description: Flights of the day
    schedule: { cron: "0 6 * * *" }
    extract:
      source: api
      path: /flights
      query: { flight_date: "\${partition}", airline: "\${slice.airline}" }
      slices: { airline: [AA, LH] }
      paginate: { kind: offset, page_size: 100, total: pagination.total }
    columns:
      flight_date: { type: date, required: true }
      flight: {}
    load: { table: flights }
`;

/** The example, as a whole spec. */
export function laidOver(fragment: string): string {
  return stringify(merge(parse(SOUND_SPEC), parse(fragment)), { lineWidth: 0 });
}

const DAG = { definition: '0123456789ab' };

function definitions(environment: string, dags: object): string {
  return JSON.stringify({ version: 1, environment, dags });
}

/** What stands beside the spec for the examples that need more than it. */
export const FILES: Readonly<Record<string, string>> = {
  'image.digest': `sha256:${'0'.repeat(64)}`,
  'handlers/erp.ts': 'export async function* readOrders() {}',
  'handlers/flights.ts': 'export const normalise = (record: object) => record;',
  'generated/archive/definitions.json': definitions('archive', { flights: DAG, airports: DAG }),
  'generated/renamed/definitions.json': definitions('renamed', {
    departures: { ...DAG, lineage: { source: { name: 'api', path: '/flights' }, downstream: [] } },
  }),
  'reports/dbt_project.yml': `name: reports
model-paths: ["models", "{{ env_var('PIPEGEN_DBT_SOURCES', 'sources') }}"]
models: { reports: { marts: { +tags: [daily] } } }
`,
  'reports/models/marts/summary.sql': "select * from {{ source('raw', 'flights') }}",
  'reports/models/marts/summary.yml': `models:
  - name: summary
    columns: [{ name: flight, data_tests: [not_null] }]
`,
  'untested/dbt_project.yml': 'name: untested',
  'untested/models/summary.sql': "{{ config(tags=['daily']) }} select 1",
};

export function readText(path: string): string | undefined {
  return FILES[path];
}

export function readFolder(path: string): string[] {
  return Object.keys(FILES)
    .filter((file) => file.startsWith(`${path}/`))
    .map((file) => file.slice(path.length + 1));
}
