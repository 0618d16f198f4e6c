import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { keptTrees } from '../../../src/cli/cache/kept-trees.ts';
import { type Checked, check } from '../../../src/compiler/compile.ts';
import type { KnownTrees } from '../../../src/compiler/parse.ts';

const FILES: Readonly<Record<string, string>> = {
  'pipelines.yaml': `version: 1
include: [more/*.yaml]
sources:
  api: &api { kind: http, base_url: https://api.example.com, timeout: 30s }
  other: { <<: *api, base_url: https://other.example.com }
environments:
  laptop:
    airflow: "3.3"
    launcher: { kind: process }
    store: { kind: files, root: lake }
    warehouse: { kind: duckdb, path: lake.duckdb, schema: raw }
    overrides: { orders: { retries: 1 } }
  other: { extends: laptop }
defaults: { retries: 2, owner: data }
`,
  'more/a.yaml': `pipelines:
  orders:
    extract: { source: api, path: /orders, query: &query { day: "\${partition}" } }
    columns: { day: { type: date }, amount: { type: "decimal(9,2)" } }
    # pipegen-ignore nullable-key: they come without
    key: { columns: [day] }
    load: { table: orders }
  lines:
    description: |
      Lines of them
      # pipegen-ignore nullable-key: no comment
    extract: { source: other, path: /lines, query: *query }
    columns: { day: { type: date, required: true } }
    load: { table: lines }
`,
  'more/b.yaml': `pipelines:
  refunds:\r
    extract: { source: api, path: /refunds }\r
    columns: { "day": { type: date }, "b\\x63": { from: x } }\r
    checks: [{ null_rate: { column: dya, max: 5% } }]\r
    key: { columns: [day] }\r
`,
};
const NAMES = Object.keys(FILES);
const INSERTED = [
  '',
  ' ',
  '\n',
  '\r\n',
  '  ',
  ': ',
  '- ',
  '"',
  '{',
  '}',
  '&a ',
  '*a',
  '<<: *api',
  '#',
  'null',
  '010',
];

const edit = fc.record({
  file: fc.constantFrom(...NAMES),
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  remove: fc.nat({ max: 6 }),
  insert: fc.oneof(fc.constantFrom(...INSERTED), fc.string({ maxLength: 3 })),
});

let home: string;
const { XDG_CACHE_HOME } = process.env;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'pipegen-trees-'));
  process.env.XDG_CACHE_HOME = home;
});

afterEach(() => {
  if (XDG_CACHE_HOME === undefined) delete process.env.XDG_CACHE_HOME;
  else process.env.XDG_CACHE_HOME = XDG_CACHE_HOME;
  rmSync(home, { recursive: true });
});

function checked(texts: Readonly<Record<string, string>>, known?: KnownTrees): Checked {
  const bytesOf = (name: string) => Buffer.from(texts[name] ?? '');
  const [file = '', ...others] = NAMES;
  const included = others.map((path) => ({ path, content: bytesOf(path) }));
  return check({ file, bytes: bytesOf(file), readIncluded: () => included, known });
}

/** The same, and how many of its trees were there before. */
function counted(known: KnownTrees): { known: KnownTrees; hits: () => number } {
  let hits = 0;
  const read: KnownTrees['read'] = (bytes) => {
    const tree = known.read(bytes);
    if (tree !== undefined) hits += 1;
    return tree;
  };
  return { known: { ...known, read }, hits: () => hits };
}

it('says the same with trees that are kept as without, edit by edit', () => {
  const { known, hits } = counted(keptTrees());
  expect(checked(FILES, known)).toEqual(checked(FILES));
  expect(hits()).toBe(0);
  const { findings } = checked(FILES, known);
  expect(hits()).toBe(NAMES.length);
  expect(findings.map(({ name }) => name)).toContain('nullable-key');
  fc.assert(
    fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), (edits) => {
      const texts = { ...FILES };
      for (const { file, at, remove, insert } of edits) {
        const text = texts[file] ?? '';
        const place = Math.floor(at * text.length);
        texts[file] = text.slice(0, place) + insert + text.slice(place + remove);
        expect(checked(texts, known)).toEqual(checked(texts));
      }
    }),
    { numRuns: 150 },
  );
  expect(hits()).toBeGreaterThan(300);
});

it('keeps what anchors name as one object', () => {
  const known = keptTrees();
  const bytes = Buffer.from(`x: &x [1]\n${'y: [*x, *x]\n'}`);
  check({ file: 'x', bytes, known });
  const tree = known.read(bytes) as { value: { x: unknown; y: unknown[] } };
  expect(tree.value.y[0]).toBe(tree.value.x);
});

it.each([
  ['cut off', (whole: Buffer) => whole.subarray(0, -5)],
  ['changed', (whole: Buffer) => Buffer.concat([whole.subarray(0, -1), Buffer.from([1])])],
  ['empty', () => Buffer.from('')],
])('a tree that is %s is parsed anew and kept again', (_, spoil) => {
  const first = counted(keptTrees());
  const findings = checked(FILES, first.known);
  const folder = join(home, 'pipegen/parsed');
  for (const name of readdirSync(folder)) {
    writeFileSync(join(folder, name), spoil(readFileSync(join(folder, name))));
  }
  const second = counted(keptTrees());
  expect(checked(FILES, second.known)).toEqual(findings);
  expect(second.hits()).toBe(0);
  expect(checked(FILES, second.known)).toEqual(findings);
  expect(second.hits()).toBe(NAMES.length);
});
