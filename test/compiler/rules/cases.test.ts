import { expect, test } from 'vitest';
import { check } from '../../../src/compiler/compile.ts';
import { laidOver, readFolder, readText } from '../../../src/compiler/explain/sound-spec.ts';

function findings(fragment: string): string[] {
  const bytes = Buffer.from(laidOver(fragment));
  const { findings: found } = check({ file: 'pipelines.yaml', bytes, readText, readFolder });
  return found.map(({ name, message }) => `${name}: ${message}`);
}

const LOCAL =
  'environments: { production: { launcher: { kind: process, image: null, namespace: null, service_account: null, secrets: null }';
const laptop = (rest: string) => `${LOCAL} } }\n${rest}`;
const address = (url: string) => `sources: { api: { base_url: "${url}" } }`;
const error = (rule: string) => `sources: { api: { errors: [${rule}] } }`;
const column = (rules: string) => `pipelines: { flights: { columns: { fare: { ${rules} } } } }`;
const select = (one: string, project = 'reports') =>
  `pipelines: { reports: { description: Reports, dbt: { project: ${project}, select: ["${one}"] } } }`;

test.each([
  // A laptop has no nights.
  laptop('defaults: { owner: null, alerts: null, retries: 0 }'),
  laptop('sources: { api: { max_requests: null, rate_limit: null } }'),
  laptop('pipelines: { flights: { description: "", columns: { flight_date: null } } }'),
  address('http://localhost:8080/v1'),
  address('http://127.0.0.1'),
  address('http://[::1]:80/v1'),
  address('http://stand-in:8099/v1'),
  address('http://api.data.svc.cluster.local'),
  error('{ status: [403], header: X-Error, in: [rate_limited], then: retry }'),
  error('{ status: [429, 503], then: retry }'),
  error('{ status: [401], then: fail }'),
  error('{ body: error.code, in: [quota_exceeded], then: retry }'),
  column('type: "decimal(38,0)"'),
  column('type: "decimal(15,2)"'),
  column('type: timestamp, from: departure.at'),
  column('type: integer, min: 3, max: 3'),
  column('type: date, min: "2026-01-01", max: "2026-12-31"'),
  'pipelines: { flights: { extract: { paginate: { kind: cursor, send: next, next: meta.next, page_size: null, total: null } } } }',
  'pipelines: { flights: { extract: { paginate: { kind: page, page_size: null, total: null, total_pages: meta.pages } } } }',
  'pipelines: { flights: { retries: 0, steps: { extract: { retries: 2 }, upload: { retries: 1 }, load: { retries: 1 }, check: { retries: 1 } } } }',
  'pipelines: { flights: { schedule: { cron: "*/15 * * * *" }, timeout: 1h, max_active_runs: 2 } }',
  select('summary'),
  select('marts'),
  select('reports.marts.*'),
  select('+sum*+2'),
  select('tag:da*,path:models'),
  select('models/marts/summary.sql'),
  select('file:summary.sql'),
  select('source:raw.flights+'),
  select('source:raw+'),
  // What only dbt knows.
  select('config.materialized:table'),
  select('state:modified+'),
  select('anything', 'no_such_project'),
])('%s is sound', (fragment) => {
  expect(findings(fragment)).toEqual([]);
});

test.each([
  [address('http://api.example.com'), 'plain-http: requests of the source "api" go over plain http'],
  [
    'sources: { api: { base_url: "${variables.host}" } }\nenvironments: { production: { variables: { host: "http://api.example.com" } } }',
    'plain-http: requests of the source "api" go over plain http',
  ],
  [
    'sources: { api: { auth: { kind: oauth2, in: null, name: null, secret: null, token_url: "http://login.example.com/token", client_id: api_key, client_secret: api_key } } }',
    'plain-http: requests of the source "api" go over plain http',
  ],
  [
    error('{ body: error.code, in: [busy, invalid_access_key], then: retry }'),
    'retry-of-final-error: "invalid_access_key" is final: asking again can’t mend it',
  ],
  [
    error('{ status: [503, 422], then: retry }'),
    'retry-of-final-error: 422 is final: asking again can’t mend it',
  ],
  [
    column('type: integer, min: 5, max: 3'),
    'all-rows-discarded: no value of "fare" is accepted: min is above max',
  ],
  [
    column('type: date, min: "2026-12-31", max: "2026-01-01"'),
    'all-rows-discarded: no value of "fare" is accepted: min is above max',
  ],
  [
    column('required: true, accepted: [none], null_if: [none]'),
    'all-rows-discarded: no value of "fare" is accepted: null_if takes all of accepted for nothing',
  ],
  [
    column('type: timestamp, from: departure.local_time'),
    'local-time-as-utc: "fare" is called a local time and read as UTC',
  ],
  [
    'pipelines: { flights: { load: { table: order } } }',
    'reserved-name: "order" is a word of SQL and can’t name a table without quotes',
  ],
  [
    'pipelines: { flights: { load: { table: partition_rows } } }',
    'reserved-name: "partition_rows" is what checks call the rows under check, not a table of yours',
  ],
  [
    'pipelines: { flights: { steps: { load: { timeout: 6h } } } }',
    'no-timeout: "load" may run 6h, and the whole run 6h',
  ],
  [
    'pipelines: { flights: { dbt: { runner: dbt_cloud, job_id: 7, timeout: 7h } } }',
    'no-timeout: "dbt" may run 7h, and the whole run 6h',
  ],
  [
    'pipelines: { flights: { steps: { load: { resources: { memory: 0Gi } } } } }',
    'missing-memory-request: the pod of "load" asks for no memory',
  ],
  [
    'pipelines: { flights: { steps: { load: { service_account: default } } } }',
    'default-service-account: the pod of "load" shares the account of everything else in "data"',
  ],
  [
    'pipelines: { flights: { schedule: { cron: "0 * * * *" }, run_timeout: 2h } }',
    'timeout-exceeds-interval: a run is due every 60 minutes, and run_timeout lets one last 2h',
  ],
  [
    'pipelines: { flights: { extract: { slices: { airline: null, window: { every: 15m } }, query: { airline: null, from: "${slice.window.start}" }, max_requests: 90 } } }',
    'backfill-over-budget: a run reads 1 day in 96 slices, 96 requests at least, and may make 90',
  ],
  [
    'pipelines: { flights: { checks: [{ sql: { name: a, condition: "day = \'{{ ds }}\'" } }] } }',
    'jinja-in-text: {{ ds }} is sent as it stands: nothing renders Jinja here',
  ],
  [
    'environments: { production: { variables: { key: "AKIAABCDEFGHIJKLMNOP" } } }',
    'secret-looking-literal: this looks like an access key of AWS, which does not belong here',
  ],
  [
    'environments: { production: { launcher: { env: { HTTPS_PROXY: "http://me:word@proxy:3128" } } } }',
    'secret-looking-literal: the address holds a user or password, which do not belong here',
  ],
  [select('sumary'), 'unknown-dbt-selector: "sumary" selects nothing in the dbt project reports'],
  [
    select('path:models/mart'),
    'unknown-dbt-selector: "path:models/mart" selects nothing in the dbt project reports',
  ],
  [
    select('tag:daily,tag:hourly'),
    'unknown-dbt-selector: "tag:hourly" selects nothing in the dbt project reports',
  ],
  [
    select('+source:raw.trips'),
    'unknown-dbt-selector: "+source:raw.trips" selects nothing in the dbt project reports',
  ],
  [
    'environments: { archive: { extends: production }, renamed: { extends: production } }',
    'removed-with-history: "airports" is gone, and its runs and its table stay in "archive"',
  ],
])('%s: %s', (fragment, message) => {
  expect(findings(fragment)).toContain(message);
});

test('a pipeline that is gone without an heir is removed, and renamed_from says which it was', () => {
  const environments = 'environments: { renamed: { extends: production } }';
  expect(findings(environments)).toEqual([
    'renamed-without-trace: "flights" does what "departures" did, and does not say that it is the same',
  ]);
  expect(findings(`${environments}\npipelines: { flights: { renamed_from: departures } }`)).toEqual([]);
  expect(findings(`${environments}\npipelines: { flights: { extract: { path: /other } } }`)).toEqual([
    'removed-with-history: "departures" is gone, and its runs and its table stay in "renamed"',
  ]);
});
