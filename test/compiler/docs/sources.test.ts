import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { check } from '../../../src/compiler/compile.ts';

const page = readFileSync(new URL('../../../docs/sources.md', import.meta.url), 'utf8');
const examples = [...page.matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, text = '']) => text);

/** A spec around the sources of an example, each of them read by a pipeline. */
function specAround(example: string): string {
  const { sources, ...rest } = parse(example) as { sources: Record<string, unknown> };
  const pipelines = Object.keys(sources).map((name) => [
    name,
    {
      extract: { source: name, path: '/rows' },
      columns: { day: { type: 'date' } },
      load: { table: name },
    },
  ]);
  return stringify({
    version: 1,
    ...rest,
    sources,
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
