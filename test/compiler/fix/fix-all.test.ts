import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { check } from '../../../src/compiler/compile.ts';
import type { Finding } from '../../../src/compiler/finding.ts';
import { applyFixes } from '../../../src/compiler/fix/apply-fixes.ts';
import { fixAll } from '../../../src/compiler/fix/fix-all.ts';

const FILE = 'pipelines.yaml';

function fixText(text: string) {
  return fixAll((instead) => {
    const bytes = Buffer.from(instead.get(FILE) ?? text);
    const { findings, texts } = check({ file: FILE, bytes });
    return { findings, textOf: (file) => texts.get(file) };
  });
}

const finding = (edits: readonly (readonly [start: number, end: number, text: string])[]): Finding => ({
  name: 'x',
  severity: 'error',
  message: 'x',
  at: { file: FILE, start: 0, end: 0 },
  fix: { title: 'x', edits: edits.map(([start, end, text]) => ({ at: { file: FILE, start, end }, text })) },
});

describe('fixes of a spec', () => {
  it('quotes placeholders and nothing else, comments and layout kept, BOM and CRLF too', () => {
    const text =
      '\uFEFFversion: 1 # ${a}\r\npipelines:\r\n   x: { a:   ${partition},b: "${c}", c: [ ${d} ,${e}], d: \'{ ${f} }\' } # {${g}}\r\n';
    const { texts, fixed } = fixText(text);
    expect(texts.get(FILE)).toBe(
      text
        .replace(':   ${partition}', ':   "${partition}"')
        .replace('${d}', '"${d}"')
        .replace('${e}', '"${e}"'),
    );
    expect(fixed.map(({ finding: { name } }) => name)).toEqual([
      'unquoted-placeholder',
      'unquoted-placeholder',
      'unquoted-placeholder',
    ]);
  });

  it('changes nothing the second time, and removes exactly what it names', () => {
    const value = fc.constantFrom('${partition}', '"${partition}"', 'text', '1', "'${a} b'", '[${a}, b]');
    const entry = fc.tuple(fc.constantFrom('date', 'airline', 'region'), value);
    const pipelines = fc.array(fc.uniqueArray(entry, { selector: ([key]) => key }), { maxLength: 4 });
    fc.assert(
      fc.property(pipelines, (all) => {
        const lines = all.map(
          (entries, index) =>
            `  p${index}: { ${entries.map(([key, one]) => `${key}: ${one}`).join(', ')} } # \${x}`,
        );
        const text = ['version: 1', 'pipelines:', ...lines, ''].join('\n');
        const once = fixText(text);
        const result = once.texts.get(FILE) ?? text;
        expect(fixText(result).texts.size).toBe(0);
        const unquoted = all.flat().filter(([, one]) => /^\[?\$/.test(one)).length;
        expect(once.fixed).toHaveLength(unquoted);
        expect(once.last.findings.filter(({ name }) => name === 'unquoted-placeholder')).toEqual([]);
        expect(result.length).toBe(text.length + 2 * unquoted);
        expect(result.replaceAll('"', '')).toBe(text.replaceAll('"', ''));
      }),
      { numRuns: 60 },
    );
  });
});

const HEAD = `version: 1
sources: { api: { kind: http, base_url: "https://api.example.com" } }
environments:
  local:
    airflow: "3.3"
    launcher: { kind: process }
    store: { kind: files, root: lake }
    warehouse: { kind: duckdb, path: lake.duckdb, schema: raw }
pipelines:
`;

const ONCE = [
  (one: string) => `description: ${one}`,
  (one: string) => `tags: [first, ${one}]`,
  (one: string) => `retries: ${one}`,
  (one: string) => `catchup: ${one}`,
  (one: string) => `timeout: ${one}`,
  (one: string) => `load: { table: ${one} }`,
];
/** Places for a text, a number and a truth value, each of which some scalars surprise. */
const PLACES = [
  ...ONCE,
  (one: string) => `columns: { a: { accepted: [${one}, b] }, c: { type: integer, min: ${one} } }`,
];
const SCALARS = [
  '010',
  '1.10',
  '1e3',
  '0x10',
  '12345678901234567890',
  'no',
  'On',
  '12:30',
  '3',
  'true',
  '"3"',
  'x',
];

describe('fixes of values', () => {
  it('remove what they name, add nothing, and leave the rest, through anchors too', () => {
    const scalar = fc.constantFrom(...SCALARS);
    const line = fc.tuple(fc.constantFrom(...PLACES), fc.oneof(scalar, fc.constant('*shared')));
    const first = fc.tuple(fc.constantFrom(...ONCE), scalar);
    const shown = (findings: readonly Finding[]) =>
      findings
        .filter(({ severity }) => severity === 'error')
        .map(({ name, message }) => `${name}: ${message}`);
    let count = 0;
    fc.assert(
      fc.property(first, fc.array(line, { maxLength: 5 }), ([place, value], lines) => {
        const all = [place(`&shared ${value}`), ...lines.map(([at, one]) => at(one))];
        const pipelines = all.map((one, index) => {
          const rest = ['columns: { a: {} }', `load: { table: t${index} }`].filter(
            (other) => !one.startsWith(other.slice(0, 6)),
          );
          return `  p${index}: { extract: { source: api, path: / }, ${[one, ...rest].join(', ')} }\n`;
        });
        const text = HEAD + pipelines.join('');
        const before = shown(check({ file: FILE, bytes: Buffer.from(text) }).findings);
        const { texts, fixed, last } = fixText(text);
        const named = shown(fixed.map(({ finding }) => finding));
        const after = shown(last.findings);
        count += named.length;
        // A rule speaks of a pipeline only when its values are sound.
        const added = after.filter(
          (one) => !before.includes(one) && !/^(duplicate-table|unknown-)/.test(one),
        );
        expect(added, text).toEqual([]);
        expect(
          before.filter((one) => !named.includes(one) && !after.includes(one)),
          text,
        ).toEqual([]);
        expect(
          last.findings.filter(({ fix }) => fix !== undefined),
          text,
        ).toEqual([]);
        expect(fixText(texts.get(FILE) ?? text).texts.size).toBe(0);
      }),
      { numRuns: 300 },
    );
    expect(count).toBeGreaterThan(20);
  });
});

describe('applyFixes', () => {
  it('makes all edits of a fix or none, and leaves those that touch for the next round', () => {
    const textOf = () => 'abcdef';
    const first = finding([
      [0, 1, 'A'],
      [4, 5, 'E'],
    ]);
    const touching = finding([[1, 2, 'B']]);
    const overlapping = finding([
      [2, 3, 'C'],
      [4, 6, ''],
    ]);
    const apart = finding([[3, 3, '-']]);
    const { texts, applied } = applyFixes([first, touching, overlapping], textOf);
    expect([texts.get(FILE), applied]).toEqual(['AbcdEf', [first]]);
    expect(applyFixes([first, finding([[2, 3, 'C']])], textOf).texts.get(FILE)).toBe('AbCdEf');
    expect(applyFixes([touching, apart], textOf).texts.get(FILE)).toBe('aBc-def');
  });

  it('leaves edits outside of the text, of unknown files, and that change nothing', () => {
    const all = [finding([[4, 9, 'x']]), finding([[0, 1, 'a']]), finding([])];
    expect(applyFixes(all, () => 'abc').applied).toEqual([]);
    expect(applyFixes([finding([[0, 1, 'x']])], () => undefined).applied).toEqual([]);
  });
});

describe('fixAll', () => {
  it('makes edits inside each other one a round, and ends where fixes undo each other', () => {
    const rounds = fixAll((instead) => {
      const text = instead.get(FILE) ?? '((x))';
      const outer = text.startsWith('(')
        ? [
            finding([[0, 1, '']]),
            finding([
              [0, 1, ''],
              [text.length - 1, text.length, ''],
            ]),
          ]
        : [];
      return { findings: outer, textOf: () => text };
    });
    expect(rounds.texts.get(FILE)).toBe('x))');
    const forth = fixAll((instead) => {
      const text = instead.get(FILE) ?? 'a';
      return { findings: [finding([[0, 1, text === 'a' ? 'b' : 'a']])], textOf: () => text };
    });
    expect(forth.fixed.length).toBeLessThan(4);
  });
});
