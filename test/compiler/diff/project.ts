import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished } from 'vitest';
import { parse, stringify } from 'yaml';
import { compareWithDisk } from '../../../src/cli/diff/compare-with-disk.ts';
import { type Compiled, compile } from '../../../src/compiler/compile.ts';
import type { EnvironmentDiff } from '../../../src/compiler/diff/diff.ts';
import { merge } from '../../../src/compiler/layers.ts';
import type { ResolvedSpec } from '../../../src/compiler/resolved.ts';
import { write } from '../../../src/compiler/write.ts';

export const GOLDEN = fileURLToPath(new URL('golden', import.meta.url));
const DIGEST = `sha256:${'5'.repeat(64)}`;

/** Code of whatever handler a spec names. */
const HANDLERS = 'export async function* read() {}\nexport function rows() {}\n';

/** The common spec with a fragment laid over it. */
export function specText(fragment: string): string {
  return stringify(merge(parse(readFileSync(join(GOLDEN, 'base.yaml'), 'utf8')), parse(fragment) ?? {}));
}

/** Compiles a spec that has to be sound. */
export function compileText(text: string): Compiled & { spec: ResolvedSpec } {
  const compiled = compile({
    file: 'pipelines.yaml',
    bytes: Buffer.from(text),
    readText: (path) => (path.endsWith('.digest') ? DIGEST : path.endsWith('.ts') ? HANDLERS : undefined),
  });
  const { spec, findings } = compiled;
  expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  if (spec === undefined) throw new Error('the spec has errors');
  return { ...compiled, spec };
}

/** A folder with what a build of this fragment leaves; removed after the test. */
export function built(fragment: string): string {
  const parent = realpathSync(mkdtempSync(join(tmpdir(), 'pipegen-diff-')));
  onTestFinished(() => rmSync(parent, { recursive: true, force: true }));
  const folder = join(parent, 'generated');
  write(compileText(specText(fragment)).files, { folder, check: false });
  return folder;
}

/** What a build of this fragment would change in the folder. */
export function differences(folder: string, fragment: string, only?: string): EnvironmentDiff[] {
  return compareWithDisk(compileText(specText(fragment)), folder, only);
}

export function put(folder: string, path: string, content: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
}
