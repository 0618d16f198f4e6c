import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { findingsIn, rulePages } from '../../../scripts/rules/pages.ts';
import { EXPLANATIONS, SILENCEABLE } from '../../../src/compiler/explain/explanations.ts';
import { printExplanation, printNames } from '../../../src/compiler/explain/print.ts';

const ROOT = new URL('../../../', import.meta.url);
const explanations = [...EXPLANATIONS.values()];

/** Of a folder, and nothing that a finding is called: words of Kubernetes, SQL, encodings and our own markers. */
const COMPILER = fileURLToPath(new URL('src/compiler/', ROOT));
const NO_FINDINGS =
  /^(kubernetes|snowflake|targets|requirements|rules|explain|python|templates|reporters|dbt)\//;

/** Texts of the source that stand where a finding gets its name. */
function namesInSource(): string[] {
  const files = readdirSync(COMPILER, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !NO_FINDINGS.test(file))
    .map((file) => readFileSync(`${COMPILER}${file}`, 'utf8'));
  const edge = readFileSync(new URL('src/cli/project.ts', ROOT), 'utf8');
  return [...files, edge].flatMap((text) =>
    [...text.replace(/ from '.*'/g, '').matchAll(/'([a-z]+(?:-[a-z]+)+)'/g)].map(([, name = '']) => name),
  );
}

describe('explanations', () => {
  it('are there for every name in the source', () => {
    const others = ['pipegen-ignore', 'utf-8'];
    const missing = namesInSource().filter((name) => !EXPLANATIONS.has(name) && !others.includes(name));
    expect([...new Set(missing)]).toEqual([]);
    expect(namesInSource()).toContain('unknown-key');
  });

  it('have names of their own, in order', () => {
    const names = explanations.map(({ name }) => name);
    expect(names).toEqual([...names].sort());
    expect(SILENCEABLE).toContain('nullable-key');
    expect(SILENCEABLE).not.toContain('unknown-key');
  });

  // What can't be read has no text to show.
  it.each(explanations.filter(({ bad }) => bad !== ''))(
    '$name is found in its bad example alone',
    async (one) => {
      const bad = await findingsIn(one.bad, one.files);
      const found = bad.findings.filter(({ name }) => name === one.name);
      expect(found.length).toBeGreaterThan(0);
      expect(new Set(found.map(({ severity }) => severity))).toEqual(new Set([one.severity]));
      expect((await findingsIn(one.good, one.files)).findings).toEqual([]);
    },
  );

  it('each have a golden: what is printed of them, on their page or in test/compiler/findings', () => {
    const goldens = ['docs/rules/', 'test/compiler/findings/'].flatMap((path) => {
      const folder = fileURLToPath(new URL(path, ROOT));
      const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
      return names
        .filter((name) => /\.md$|expected\.txt$/.test(name))
        .map((name) => readFileSync(`${folder}${name}`, 'utf8'));
    });
    const printed = new Set(
      goldens.flatMap((text) =>
        [...text.matchAll(/^(?:error|warning): .* \(([a-z0-9-]+)\)$/gm)].map(([, name]) => name),
      ),
    );
    expect([...EXPLANATIONS.keys()].filter((name) => !printed.has(name))).toEqual([]);
  });

  it('make the pages under docs/rules as they are', async () => {
    const folder = new URL('docs/rules/', ROOT);
    const pages = await rulePages();
    expect(readdirSync(folder).sort()).toEqual([...pages.keys()].sort());
    for (const [name, text] of pages) expect(readFileSync(new URL(name, folder), 'utf8'), name).toBe(text);
  });

  it('print as a person reads them', async () => {
    const one = EXPLANATIONS.get('nullable-key');
    if (one === undefined) throw new Error('there is no such rule');
    await expect(`${printExplanation(one)}\n${printNames(explanations)}`).toMatchFileSnapshot('expected.txt');
  });
});
