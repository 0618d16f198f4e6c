import fc from 'fast-check';
import type { AirflowVersion } from '../../../src/spec/environment.ts';
import { hostileArgument, hostileTemplate, hostileText } from './hostile-text.ts';

/** All that Snowflake's names may be here: anything else is an error of the spec. */
const sqlName = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_$]{0,30}$/);

const texts = fc.record({
  description: hostileText,
  tag: hostileText,
  owner: hostileText,
  base_url: hostileTemplate,
  parameter: hostileText,
  error_body: hostileText,
  error_value: hostileText,
  path: hostileTemplate,
  query_key: hostileText,
  query_value: hostileTemplate,
  slice: hostileText,
  total: hostileText,
  size_param: hostileText,
  offset_param: hostileText,
  records: hostileText,
  from: hostileText,
  null_if: hostileText,
  accepted: hostileText,
  column_description: hostileText,
  project: hostileText,
  select: hostileText,
  store: hostileText,
  account: fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,30}$/),
  file: hostileText,
  database: sqlName,
  schema: sqlName,
  compute: sqlName,
  role: sqlName,
  stage: sqlName,
  command: hostileArgument,
  repository: hostileText.map((text) => `registry/${text}`),
  variable: hostileArgument,
  annotation: hostileText,
  node: hostileText,
});

type Texts = typeof texts extends fc.Arbitrary<infer Of> ? Of : never;

/** The fields of a spec with a hostile text in each. */
export interface HostileSpec {
  readonly name: string;
  readonly launcher: 'kubernetes' | 'process';
  readonly texts: Texts;
}

/** The same specs in every run, so that a failure is one again; with each launcher in turn. */
export function hostileSpecs(count: number, seed: number): HostileSpec[] {
  return fc.sample(texts, { numRuns: count, seed }).map((one, index) => ({
    name: `hostile_${index}`,
    launcher: index % 2 === 0 ? 'kubernetes' : 'process',
    texts: one,
  }));
}

/** The spec as YAML: JSON is YAML, and quotes every text. */
export function yamlOf({ name, launcher, texts: one }: HostileSpec, airflow: AirflowVersion): string {
  return JSON.stringify({
    version: 1,
    secrets: { api_key: 'API_KEY' },
    sources: { api: sourceOf(one) },
    environments: { production: environmentOf(one, launcher, airflow) },
    pipelines: {
      [name]: {
        description: one.description,
        tags: [one.tag],
        owner: one.owner,
        extract: {
          source: 'api',
          path: `/\${slice.part}${one.path}`,
          query: { [`q${one.query_key}`]: one.query_value },
          slices: { part: [one.slice] },
          paginate: {
            kind: 'offset',
            page_size: 10,
            total: one.total,
            size_param: one.size_param,
            offset_param: one.offset_param,
          },
          records: one.records,
        },
        columns: {
          part: {
            from: one.from,
            null_if: [one.null_if],
            accepted: [one.accepted],
            description: one.column_description,
          },
        },
        load: { table: name },
        dbt: { project: one.project, select: [one.select] },
      },
    },
  });
}

function sourceOf(one: Texts): object {
  return {
    kind: 'http',
    base_url: one.base_url,
    auth: { kind: 'api_key', in: 'query', name: one.parameter, secret: 'api_key' },
    max_requests: 1000,
    // biome-ignore lint/suspicious/noThenProperty: the language's word for what a rule does
    errors: [{ body: one.error_body, in: [one.error_value], then: 'fail' }],
  };
}

function environmentOf(one: Texts, launcher: HostileSpec['launcher'], airflow: AirflowVersion): object {
  if (launcher === 'process') {
    return {
      airflow,
      launcher: { kind: 'process', command: one.command },
      store: { kind: 'files', root: one.store },
      warehouse: { kind: 'duckdb', path: one.file, schema: 'raw' },
    };
  }
  return {
    airflow,
    launcher: {
      kind: 'kubernetes',
      image: { repository: one.repository },
      namespace: 'data',
      service_account: 'pipegen',
      secrets: { api_key: { kubernetes: 'api', key: 'key' } },
      env: { HOSTILE: one.variable },
      annotations: { 'example.com/hostile': one.annotation },
      node_selector: { hostile: one.node },
    },
    store: { kind: 'gcs', bucket: 'bucket', prefix: one.store },
    warehouse: {
      kind: 'snowflake',
      account: one.account,
      database: one.database,
      schema: one.schema,
      compute: one.compute,
      role: one.role,
      stage: one.stage,
      auth: { kind: 'workload_identity', provider: 'gcp' },
    },
  };
}

/** What the step has to find in its job, field by field, taken from the texts alone. */
export function expectedJob({ name, launcher, texts: one }: HostileSpec): object {
  return {
    pipeline: name,
    store:
      launcher === 'process'
        ? { kind: 'files', root: one.store }
        : { kind: 'gcs', bucket: 'bucket', prefix: one.store },
    warehouse:
      launcher === 'process'
        ? { kind: 'duckdb', path: one.file, schema: 'raw' }
        : {
            account: one.account,
            database: one.database,
            schema: one.schema,
            compute: one.compute,
            role: one.role,
            stage: one.stage,
          },
    extract: {
      path: `/\${slice.part}${one.path}`,
      query: { [`q${one.query_key}`]: one.query_value },
      slices: { name: 'part', values: [one.slice] },
      paginate: { total: one.total, size_param: one.size_param, offset_param: one.offset_param },
      records: one.records,
      source: {
        base_url: one.base_url,
        auth: { name: one.parameter, secret: 'API_KEY' },
        errors: [{ body: one.error_body, in: [one.error_value] }],
      },
    },
    columns: [{ name: 'part', from: [one.from], null_if: [one.null_if], accepted: [one.accepted] }],
    dbt: { project: one.project, select: [one.select] },
  };
}
