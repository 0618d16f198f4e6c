import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments, stringify } from 'yaml';
import { check } from '../../../src/compiler/compile.ts';
import { at, isMapping, merge } from '../../../src/compiler/layers.ts';
import { type Example, examples, ROOT } from './examples.ts';

/** Pages whose examples have tests of their own, which know what they are about. */
const ELSEWHERE: ReadonlySet<string> = new Set([
  'docs/ci.md',
  'docs/columns.md',
  'docs/extraction.md',
  'docs/handlers.md',
  'docs/sources.md',
]);

/** What examples speak of and the repository's own spec does not have. */
const BESIDE = `
secrets: { api_key: API_KEY, other_key: OTHER_KEY }
sources:
  crm:
    kind: http
    base_url: https://api.crm.example
    rate_limit: { requests: 5, per: 1s }
    max_requests: 500
defaults:
  alerts: { on_failure: [{ email: { to: [data@example.com] } }] }
pipelines:
  flights:
    columns:
      departure_iata: { required: true }
      gate: {}
      updated_at: { type: timestamp }
      departure_at: { type: timestamp }
      arrival_at: { type: timestamp }
    key: { columns: [flight_date, departure_iata] } # its own may be null: the comment that says why is lost here
  order_items:
    description: Items of the day's orders
    extract: { source: crm, path: /items }
    columns:
      order_id: { type: integer, required: true }
      line: { type: integer, required: true }
      updated_at: { type: timestamp }
    load: { table: order_items }
`;

const BASE: unknown = merge(parse(readFileSync(join(ROOT, 'pipelines.yaml'), 'utf8')), parse(BESIDE));

/** The example as a spec: laid over the others, or its keys in the place of theirs. */
function specOf({ text, kind, path }: Example): string {
  const written: unknown = parse(text);
  const around = (value: unknown) => path.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value);
  if (kind === 'in') return stringify(merge(BASE, around(written)));
  const keys = isMapping(written) ? Object.keys(written) : [];
  const without = merge(BASE, around(Object.fromEntries(keys.map((key) => [key, null]))));
  expect(at(without, path)).toBeDefined();
  return stringify(merge(without, around(written)));
}

describe('examples of the documents', () => {
  it('are there, and none of those with tests of their own is gone', () => {
    const documents = new Set(examples().map(({ document }) => document));
    expect(documents.size).toBeGreaterThan(10);
    expect([...ELSEWHERE].filter((document) => !documents.has(document))).toEqual([]);
  });

  it.each(examples())('is YAML: $document $text', ({ text }) => {
    expect(parseAllDocuments(text).flatMap((one) => [...one.errors, ...one.warnings])).toEqual([]);
  });

  const fragments = examples().filter(({ document, kind }) => !ELSEWHERE.has(document) && kind !== 'other');

  it.each(fragments)('says what $document claims: $text', (example) => {
    const { findings } = check({
      file: 'pipelines.yaml',
      bytes: Buffer.from(specOf(example)),
    });
    expect([...new Set(findings.map(({ name }) => name))].sort()).toEqual([...example.finds].sort());
  });
});
