import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { check } from '../../../src/compiler/compile.ts';

function findings(checks: readonly object[]): [name: string, message: string][] {
  const spec = {
    version: 1,
    secrets: { pepper: 'PEPPER' },
    environments: {
      local: {
        airflow: '3.3',
        launcher: { kind: 'process' },
        store: { kind: 'files', root: 'lake' },
        warehouse: { kind: 'duckdb', path: 'x.duckdb', schema: 'raw' },
      },
    },
    sources: { api: { kind: 'http', base_url: 'https://api.example.com' } },
    pipelines: {
      airports: {
        extract: { source: 'api', path: '/airports', query: { day: '${partition}' } },
        columns: { code: {}, city: {} },
        load: { table: 'airports' },
      },
      flights: {
        extract: { source: 'api', path: '/flights', query: { day: '${partition}' } },
        columns: {
          day: { type: 'date', required: true },
          place: {},
          gate: { default: 'none' },
          seen: { type: 'timestamp' },
          born: { type: 'date', mask: { kind: 'redact' } },
          passenger: { mask: { kind: 'hash', pepper: 'pepper' } },
        },
        load: { table: 'flights' },
        checks,
      },
    },
  };
  const { findings: found } = check({
    file: 'pipelines.yaml',
    bytes: Buffer.from(stringify(spec)),
    readText: () => undefined,
  });
  return found.map(({ name, message }) => [name, message]);
}

const referential = (columns: string[], references: string[], table = 'airports') => ({
  referential: { columns, table, references },
});

test('sound checks are left alone', () => {
  const checks = [
    { row_count: { min: 0, max: 9 } },
    { null_rate: { column: 'place', max: '99%' } },
    { freshness: { column: 'seen', max: '2d' } },
    referential(['place'], ['code']),
    // Hashes of equal values are equal.
    referential(['passenger'], ['whatever'], 'made_by_dbt'),
    { volume_anomaly: {} },
    { sql: { name: 'one', condition: 'a > 1' } },
  ];
  expect(findings(checks)).toEqual([]);
});

test.each<[object, string, RegExp]>([
  [{ row_count: { min: 0 } }, 'check-that-cannot-fail', /fewer than 0 rows/],
  [{ null_rate: { column: 'place', max: '100%' } }, 'check-that-cannot-fail', /no share is above 100%/],
  [{ null_rate: { column: 'day', max: '1%' } }, 'check-that-cannot-fail', /set aside/],
  [{ null_rate: { column: 'gate', max: '1%' } }, 'check-that-cannot-fail', /has a default/],
  [{ sql: { name: 'a', condition: 'x', max: '100%' } }, 'check-that-cannot-fail', /no share/],
  [{ freshness: { column: 'sean', max: '1d' } }, 'unknown-column', /no column "sean"/],
  [{ freshness: { column: 'place', max: '1d' } }, 'freshness-without-date', /is a string/],
  [{ freshness: { column: 'born', max: '1d' } }, 'masked-key', /"born" is masked/],
  [referential(['plaice'], ['code']), 'unknown-column', /no column "plaice"$/],
  [referential(['place'], ['cod']), 'unknown-column', /no column "cod" in the table "airports"/],
  [{ referential: { columns: ['place'], table: 'airports' } }, 'unknown-column', /"place" in the table/],
  [referential(['born'], ['code']), 'masked-key', /"born" is masked/],
])('%j is found by %s', (one, name, message) => {
  expect(findings([one])).toEqual([[name, expect.stringMatching(message)]]);
});
