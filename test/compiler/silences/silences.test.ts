import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { check } from '../../../src/compiler/compile.ts';
import { pretty } from '../../../src/compiler/reporters/pretty.ts';

const HERE = new URL('.', import.meta.url);

const findings = (text: string) => check({ file: 'pipelines.yaml', bytes: Buffer.from(text) }).findings;

test('what a comment silences, and what it does not', async () => {
  const text = readFileSync(new URL('pipelines.yaml', HERE), 'utf8');
  const output = pretty(findings(text), () => text, false);
  await expect(output).toMatchFileSnapshot('expected.txt');
});

const PIPELINE = (above: string, eol = '\n') =>
  [
    'version: 1',
    'sources: { api: { kind: http, base_url: "https://api.example.com" } }',
    'environments:',
    '  local:',
    '    airflow: "3.3"',
    '    launcher: { kind: process }',
    '    store: { kind: files, root: lake }',
    '    warehouse: { kind: duckdb, path: lake.duckdb, schema: raw }',
    'pipelines:',
    '  flights:',
    '    extract: { source: api, path: /flights, paginate: { kind: offset, page_size: 5 } }',
    '    columns: { flight: {} }',
    ...above.split('\n'),
    '    key: { columns: [flight] }',
    '    load: { table: flights }',
    '',
  ].join(eol);

test.each([
  ['above the line', '    # pipegen-ignore nullable-key: kept as they come'],
  ['with a comment and a gap between', '    # pipegen-ignore nullable-key: so be it\n    # And why.\n'],
  ['at any indent', '# pipegen-ignore nullable-key: so be it'],
  ['beside others above one line', '    #pipegen-ignore nullable-key: a: b'],
])('a silence works %s', (_, above) => {
  expect(findings(PIPELINE(above)).map(({ name }) => name)).toEqual(['pagination-without-stop']);
  expect(findings(PIPELINE(above, '\r\n')).map(({ name }) => name)).toEqual(['pagination-without-stop']);
});

test('in a text over several lines it is no comment', () => {
  const inside = '    description: |\n      # pipegen-ignore nullable-key: of a text';
  expect(findings(PIPELINE(inside)).map(({ name }) => name)).toEqual([
    'pagination-without-stop',
    'nullable-key',
  ]);
});

test('nothing is called unused where a part of the spec could not be judged', () => {
  const text = PIPELINE('    # pipegen-ignore nullable-key: so be it').replace('load:', 'laod:');
  expect(findings(text).map(({ name }) => name)).toEqual(['unknown-key']);
});
