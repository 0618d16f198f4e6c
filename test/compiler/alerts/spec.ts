import { type Compiled, compile } from '../../../src/compiler/compile.ts';

/** A pipeline in one environment for each Airflow, with lines of the test's own beside it. */
export function build(lines: { readonly defaults?: string; readonly pipeline?: string }): Compiled {
  const text = `version: 1
sources:
  api: { kind: http, base_url: https://api.example.com/v1 }
environments:
  new: &new
    airflow: "3.3"
    launcher: { kind: process }
    store: { kind: files, root: lake }
    warehouse: { kind: duckdb, path: lake.duckdb, schema: raw }
  old: { extends: new, airflow: "2.11" }
defaults: {${lines.defaults ?? ''}}
pipelines:
  on_failure: # also what a constant of the file is called
    schedule: { cron: "0 6 * * *" }
    owner: data-platform
    extract: { source: api, path: /flights }
    columns: { flight_date: { type: date, required: true } }
    load: { table: flights }
    ${lines.pipeline ?? ''}
`;
  return compile({ file: 'pipelines.yaml', bytes: Buffer.from(text), readText: () => undefined });
}
