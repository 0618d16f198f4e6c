import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { compile } from '../../../src/compiler/compile.ts';
import { SPEC, shuffled } from './spec.ts';

const ENTRY = fileURLToPath(new URL('../../../bin/pipegen.js', import.meta.url));
const DIGEST = `sha256:${'0'.repeat(64)}`;

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'pipegen-bytes-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Path and content of all that `pipegen build` wrote, the list of files included. */
function built(name: string, spec: string, cwd: string, env: NodeJS.ProcessEnv): Record<string, string> {
  const project = join(folder, name);
  mkdirSync(project);
  writeFileSync(join(project, 'pipelines.yaml'), spec);
  writeFileSync(join(project, 'image.digest'), DIGEST);
  const args = [ENTRY, 'build', '--file', join(project, 'pipelines.yaml')];
  execFileSync(process.execPath, args, { cwd, env: { ...process.env, ...env }, stdio: 'pipe' });
  const output = join(project, 'generated');
  const paths = readdirSync(output, { recursive: true, encoding: 'utf8' }).sort();
  const files = paths.filter((path) => statSync(join(output, path)).isFile());
  return Object.fromEntries(files.map((path) => [path, readFileSync(join(output, path), 'utf8')]));
}

function files(spec: unknown): Record<string, string> {
  const bytes = Buffer.from(stringify(spec));
  const { files: all, findings } = compile({ file: 'pipelines.yaml', bytes, readText: () => DIGEST });
  expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  return Object.fromEntries(all.map(({ path, content }) => [path, content]));
}

/** The other files name every pipeline. */
function changedDags(before: Record<string, string>, after: Record<string, string>): string[] {
  const paths = Object.keys({ ...before, ...after }).filter((path) => path.includes('/dags/'));
  return paths.filter((path) => before[path] !== after[path]).sort();
}

describe('the bytes of a build', () => {
  test('are the same in another time zone, language, folder and style of YAML', () => {
    const one = built('one', stringify(SPEC), folder, { TZ: 'UTC', LANG: 'C', LC_ALL: 'C' });
    const two = built('two', JSON.stringify(SPEC, null, 4), tmpdir(), {
      TZ: 'Pacific/Apia',
      LANG: 'tr_TR.UTF-8',
      LC_ALL: 'tr_TR.UTF-8',
    });
    expect(Object.keys(one)).toContain('production/dags/orders.py');
    expect(two).toEqual(one);
  });

  test('are the same in any order of the keys, but for columns and parameters of a request', () => {
    const expected = files(SPEC);
    fc.assert(
      fc.property(fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })), (ranks) => {
        const next = () => ranks.next().value ?? 0;
        expect(files(shuffled(SPEC, next))).toEqual(expected);
      }),
      { numRuns: 30 },
    );
  });

  test('of a pipeline stay when another one changes', () => {
    const before = files(SPEC);
    const { orders, ...others } = SPEC.pipelines;
    const changed = { ...orders, description: 'Orders, said anew', retries: 7, timeout: '2h' };
    const after = files({ ...SPEC, pipelines: { ...others, orders: changed } });
    expect(changedDags(before, after)).toEqual(['local/dags/orders.py', 'production/dags/orders.py']);
  });

  test('of a pipeline stay when an unrelated one is added', () => {
    const before = files(SPEC);
    const another = { dbt: { project: 'dbt', select: ['tag:another'] } };
    const after = files({ ...SPEC, pipelines: { another, ...SPEC.pipelines } });
    expect(changedDags(before, after)).toEqual(['local/dags/another.py', 'production/dags/another.py']);
  });
});
