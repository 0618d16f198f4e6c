import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { check } from '../../../src/compiler/compile.ts';

const page = readFileSync(new URL('../../../docs/extraction.md', import.meta.url), 'utf8');
const examples = [...page.matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, text = '']) => text);

/** A spec around the pipelines of an example. */
function specAround(example: string): string {
  const written = parse(example) as Record<string, object>;
  const pipelines = Object.entries(written).map(([name, pipeline]) => [
    name,
    { columns: { day: { type: 'date' } }, load: { table: name }, ...pipeline },
  ]);
  return stringify({
    version: 1,
    sources: {
      crm: { kind: 'http', base_url: 'https://api.crm.example' },
      dumps: { kind: 'http', base_url: 'https://dumps.example.com' },
    },
    environments: {
      laptop: {
        airflow: '3.3',
        launcher: { kind: 'process' },
        store: { kind: 'files', root: 'lake' },
        warehouse: { kind: 'duckdb', path: 'lake.duckdb', schema: 'raw' },
      },
    },
    pipelines: Object.fromEntries(pipelines),
  });
}

test('the page has examples', () => {
  expect(examples.length).toBeGreaterThan(5);
});

test.each(examples)('lints: %s', (example) => {
  const { findings, spec } = check({ file: 'pipelines.yaml', bytes: Buffer.from(specAround(example)) });
  expect(findings).toEqual([]);
  expect(spec?.environments[0]?.pipelines.length).toBeGreaterThan(0);
});
