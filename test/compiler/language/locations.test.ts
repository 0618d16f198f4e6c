import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { render } from '../../../src/cli/findings/render.ts';
import { FORMATS } from '../../../src/cli/findings/report-options.ts';
import { type Compiled, check, compile } from '../../../src/compiler/compile.ts';
import type { Finding } from '../../../src/compiler/finding.ts';
import { readWithIncluded } from '../../../src/compiler/include.ts';
import { isMapping } from '../../../src/compiler/layers.ts';
import { parse } from '../../../src/compiler/parse.ts';
import { locate, type Path } from '../../../src/compiler/source-file.ts';
import { isCompiled, LEAVES, placeOf, readBeside, SPEC, variant } from '../definition-hash/variants.ts';

const NAMES = [
  'version',
  'pipelines',
  'environments',
  'sources',
  'defaults',
  'flights',
  'extract',
  'columns',
  'policy',
  'rules',
  'severity',
  'hosts',
];
const ODD = [
  'constructor',
  'toString',
  '__proto__',
  'hasOwnProperty',
  '<<',
  'extends',
  'overrides',
  'include',
  'kind',
];
const TEXTS = [
  '*a',
  '&a',
  '!!x',
  '${partition}',
  '010',
  'no',
  '12:30',
  '\u{1f6eb}',
  'é\u0301',
  '\t',
  '"',
  "'",
  '-',
  '',
];

/** What a spec may look like when its writer has no idea. */
const value = fc.letrec<{ tree: unknown }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    fc.oneof(
      fc.constantFrom(...NAMES, ...ODD, ...TEXTS),
      fc.double(),
      fc.boolean(),
      fc.constant(null),
      fc.string(),
    ),
    fc.array(tie('tree'), { maxLength: 3 }),
    fc.dictionary(fc.oneof(fc.constantFrom(...NAMES, ...ODD), fc.string()), tie('tree'), { maxKeys: 4 }),
  ),
})).tree;

/** One place of a sound spec holds something else: most of it is looked at, unlike in a spec of noise. */
const almostSound = fc
  .tuple(fc.constantFrom(...LEAVES.filter((leaf) => placeOf(leaf) !== undefined)), value)
  .map(([leaf, other]) => {
    const copy = JSON.parse(JSON.stringify(SPEC)) as Record<string, unknown>;
    const place = placeOf(leaf) ?? [];
    const { environments } = copy as { environments: Record<string, unknown> };
    for (const name of Object.keys(environments)) if (!isCompiled(leaf, name)) delete environments[name];
    let around = copy as Record<string | number, unknown>;
    for (const step of place.slice(0, -1)) around = around[step] as Record<string | number, unknown>;
    around[place.at(-1) ?? ''] = other;
    return copy;
  });

function placesOf({ at, labels = [], fix }: Finding) {
  return [at, ...labels.map((label) => label.at), ...(fix?.edits ?? []).map((edit) => edit.at)];
}

function expectInside(bytes: Uint8Array): Finding[] {
  const { findings, texts } = check({ file: 'x.yaml', bytes, readText: () => undefined });
  for (const { file, start, end } of findings.flatMap(placesOf)) {
    const length = texts.get(file)?.length ?? -1;
    expect(start).toBeGreaterThanOrEqual(0);
    expect(end).toBeGreaterThanOrEqual(start);
    expect(end).toBeLessThanOrEqual(length);
  }
  return findings;
}

describe('locations', () => {
  it('lie inside the file whatever its bytes are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void expectInside(bytes)),
      {
        numRuns: 500,
      },
    );
  });

  it('lie inside the file whatever the YAML says', () => {
    const options = fc.record({
      collectionStyle: fc.constantFrom('flow' as const, 'block' as const),
      indent: fc.constantFrom(1, 2, 4),
    });
    fc.assert(
      fc.property(value, options, (one, style) => void expectInside(Buffer.from(stringify(one, style)))),
      { numRuns: 500 },
    );
  });

  it('lie inside of a spec of which one value is another', () => {
    fc.assert(
      fc.property(almostSound, (spec) => void expectInside(Buffer.from(stringify(spec, { indent: 1 })))),
      { numRuns: 50 },
    );
  });

  it('lie inside of a spec whose text was edited anywhere', () => {
    const shipped = ['../../../pipelines.yaml', '../definition-hash/every-field.yaml'].map((path) =>
      readFileSync(new URL(path, import.meta.url), 'utf8'),
    );
    const edit = fc.record({
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      remove: fc.nat({ max: 12 }),
      insert: fc.constantFrom(
        ...ODD,
        ...TEXTS,
        ': ',
        '\n',
        '  ',
        '{',
        '}',
        '[',
        ']',
        'null',
        '-1',
        '1e400',
        '|',
        '#',
      ),
    });
    fc.assert(
      fc.property(
        fc.constantFrom(...shipped),
        fc.array(edit, { minLength: 1, maxLength: 3 }),
        (text, edits) => {
          const edited = edits.reduce((one, { at, remove, insert }) => {
            const place = Math.floor(at * one.length);
            return one.slice(0, place) + insert + one.slice(place + remove);
          }, text);
          expectInside(Buffer.from(edited));
        },
      ),
      { numRuns: 150 },
    );
  });

  it('can be said in every format, whatever the YAML says', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(value, almostSound), async (one) => {
        const { findings, texts } = check({ file: 'x.yaml', bytes: Buffer.from(stringify(one)) });
        for (const format of FORMATS) {
          const text = await render(format, findings, (file) => texts.get(file), { color: true, clean: '' });
          if (format === 'concise') expect(text.split('\n')).toHaveLength(findings.length + 1);
          if (format === 'json' || format === 'sarif') JSON.parse(text);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('are those of the value, for every path of a spec with anchors', () => {
    // Values that the spec shares become anchors and aliases.
    const text = stringify(SPEC);
    const { source, findings } = parse('x.yaml', Buffer.from(text));
    expect(findings).toEqual([]);
    if (source === undefined) throw new Error('not read');
    const paths = pathsOf(SPEC);
    expect(paths.length).toBeGreaterThan(500);
    for (const path of paths) {
      const { depth, place } = locate(source, path, 'key');
      expect([path, depth]).toEqual([path, path.length]);
      const last = path.at(-1);
      if (typeof last !== 'string') continue;
      expect(text.slice(place.start, place.end).replace(/^["']|["']$/g, '')).toBe(last);
    }
  });
});

const SECTIONS = ['secrets', 'sources', 'environments', 'defaults', 'pipelines'];

/** The spec in several files: each name of a section in the one that is chosen for it. */
function divided(files: number, next: () => number): string[] {
  const parts: Record<string, Record<string, unknown>>[] = Array.from({ length: files }, () => ({}));
  for (const section of SECTIONS) {
    const entries = (SPEC as Record<string, unknown>)[section];
    for (const [name, one] of Object.entries(isMapping(entries) ? entries : {})) {
      const part = parts[next() % files] ?? {};
      part[section] = { ...part[section], [name]: one };
    }
  }
  const [root, ...others] = parts;
  return [{ version: 1, include: ['parts/*.yaml'], ...root }, ...others].map((part) => stringify(part));
}

describe('locations in several files', () => {
  it('are in the file that has the value, for every path of a spec however it is divided', () => {
    const paths = pathsOf(SPEC).filter(
      ([section, name]) => SECTIONS.includes(String(section)) && name !== undefined,
    );
    expect(paths.length).toBeGreaterThan(500);
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 5 }), fc.infiniteStream(fc.nat()), (files, numbers) => {
        const [root = '', ...others] = divided(files, () => numbers.next().value as number);
        const { source } = parse('x.yaml', Buffer.from(root));
        if (source === undefined) throw new Error('not read');
        const included = others.map((text, index) => ({
          path: `parts/${index}.yaml`,
          content: Buffer.from(text),
        }));
        const whole = readWithIncluded(source, () => included);
        expect(whole.findings).toEqual([]);
        if (whole.source === undefined) throw new Error('not joined');
        for (const path of paths) {
          const { depth, place } = locate(whole.source, path, 'key');
          expect([path, depth]).toEqual([path, path.length]);
          const last = path.at(-1);
          const written = whole.texts.get(place.file)?.slice(place.start, place.end);
          if (typeof last === 'string') expect(written?.replace(/^["']|["']$/g, '')).toBe(last);
        }
      }),
      { numRuns: 10 },
    );
  });
});

function pathsOf(value: unknown, above: Path = []): Path[] {
  if (value === null || typeof value !== 'object') return [];
  const entries = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return entries.flatMap(([key, one]): Path[] => [[...above, key], ...pathsOf(one, [...above, key])]);
}

describe('the order of keys', () => {
  it('changes no finding but for its place', () => {
    const told = (spec: unknown) => {
      const { findings } = check({
        file: 'x.yaml',
        bytes: Buffer.from(stringify(spec)),
        readText: readBeside,
      });
      return findings.map(({ name, message, help }) => [name, message, help].join('\n')).sort();
    };
    let count = 0;
    fc.assert(
      fc.property(almostSound, fc.infiniteStream(fc.nat()), (spec, numbers) => {
        const findings = told(spec);
        count += findings.length;
        expect(told(shuffled(spec, () => numbers.next().value as number))).toEqual(findings);
      }),
      { numRuns: 40 },
    );
    expect(count).toBeGreaterThan(40);
  });

  it('changes no file', () => {
    const readText = (path: string) =>
      path.endsWith('.ts')
        ? 'export async function* read() {}\nexport function rows() {}\n'
        : `sha256:${'3'.repeat(64)}`;
    const build = (spec: unknown): Compiled['files'] => {
      const { files, findings } = compile({
        file: 'x.yaml',
        bytes: Buffer.from(stringify(spec)),
        readText,
      });
      expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
      return files;
    };
    const spec = variant('pipeline.description');
    const files = build(spec);
    fc.assert(
      fc.property(fc.infiniteStream(fc.nat()), (numbers) => {
        const next = () => numbers.next().value as number;
        expect(build(shuffled(spec, next))).toEqual(files);
      }),
      { numRuns: 3 },
    );
  });
});

/** The same with the keys of its maps in another order, but for those whose order says something. */
function shuffled(value: unknown, next: () => number, keeps = false): unknown {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map((one) => shuffled(one, next));
  const entries = Object.entries(value).map(([key, one]): [string, unknown, number] => [
    key,
    shuffled(one, next, key === 'columns' || key === 'query'),
    keeps ? 0 : next(),
  ]);
  return Object.fromEntries(entries.sort(([, , a], [, , b]) => a - b).map(([key, one]) => [key, one]));
}
