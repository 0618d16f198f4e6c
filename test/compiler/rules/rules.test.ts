import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse as parseYaml, stringify } from 'yaml';
import { check } from '../../../src/compiler/compile.ts';
import { merge } from '../../../src/compiler/layers.ts';
import { RULES } from '../../../src/compiler/rules/registry.ts';

/** A sound spec that the examples of the rules are laid over. */
const BASE = `
version: 1
secrets: { api_key: API_KEY }
sources:
  api:
    kind: http
    base_url: https://api.example.com
    auth: { kind: api_key, in: header, name: x-key, secret: api_key }
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
pipelines:
  flights:
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

const lay = (fragment: string) => stringify(merge(parseYaml(BASE), parseYaml(fragment)));

/** Handlers that examples name. */
const HANDLERS: Readonly<Record<string, string>> = {
  'handlers/erp.ts': 'export async function* readOrders() {}',
  'handlers/flights.ts': 'export const normalise = (record: object) => record;',
};

const names = (text: string) =>
  check({
    file: 'pipelines.yaml',
    bytes: Buffer.from(text),
    readText: (path) => HANDLERS[path],
  }).findings.map(({ name }) => name);

describe('rules', () => {
  it('has every file of the folder in the registry', () => {
    const files = readdirSync(new URL('../../../src/compiler/rules', import.meta.url));
    const rules = files.filter((file) => !['rule.ts', 'registry.ts'].includes(file));
    expect(RULES.map(({ name }) => `${name}.ts`).sort()).toEqual(rules.sort());
  });

  it('finds nothing in the spec that the examples are laid over', () => {
    expect(names(BASE)).toEqual([]);
  });

  it.each(RULES)('$name finds its bad example and leaves its good one', (rule) => {
    expect(names(lay(rule.bad)).filter((name) => name === rule.name)).toHaveLength(1);
    expect(names(lay(rule.good))).toEqual([]);
  });
});
