import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '..', '..');
const FOLDER = join(ROOT, 'docs', 'loader-review');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');

interface Finding {
  readonly finding: string;
  readonly severity: string;
  readonly file: string;
}

interface Reviewed extends Finding {
  readonly where: string;
  readonly proof: string;
}

/** `# [MAJOR] Row by row: why` */
function marked(file: string): Finding[] {
  const text = readFileSync(join(FOLDER, file), 'utf8');
  return [...text.matchAll(/# \[([A-Z]+)\] ([^:\n]+): \S/g)].map(([, severity = '', finding = '']) => ({
    finding,
    severity: severity.toLowerCase(),
    file,
  }));
}

/** The rows of the table, in order. */
function reviewed(): Reviewed[] {
  const lines = readFileSync(join(FOLDER, 'README.md'), 'utf8').split('\n');
  const start = lines.findIndex((line) => line.startsWith('| ---')) + 1;
  const end = lines.indexOf('', start);
  return lines.slice(start, end).map((line) => {
    const cells = line.split('|').map((cell) => cell.trim().replaceAll('\\*', '*'));
    const [finding = '', severity = '', , file = '', where = '', proof = ''] = cells.slice(1);
    return { finding, severity, file: unquoted(file), where: unquoted(where), proof };
  });
}

const unquoted = (code: string) => code.replace(/^`|`$/g, '');
const sorted = (findings: readonly Finding[]) =>
  findings.map(({ finding, severity, file }) => `${file} ${severity} ${finding}`).sort();

test('the table has the findings that are marked in the files, each once', () => {
  const found = [...marked('snowflake.py'), ...marked('gcs.py')];
  expect(sorted(reviewed())).toEqual(sorted(found));
  expect(new Set(found.map(({ finding }) => finding)).size).toBe(found.length);
  expect(new Set(found.map(({ severity }) => severity))).toEqual(new Set(['critical', 'major', 'minor']));
});

test('every mark is read', () => {
  for (const file of ['snowflake.py', 'gcs.py']) {
    const marks = readFileSync(join(FOLDER, file), 'utf8').match(/\[(CRITICAL|MAJOR|MINOR)\]/g);
    expect(marked(file)).toHaveLength(marks?.length ?? 0);
  }
});

test.each(reviewed())(
  '$finding is ruled out by a file, and proven by a test that is there',
  ({ where, proof }) => {
    expect(existsSync(join(ROOT, where)), where).toBe(true);
    const target = /^`make (\w+)`$/.exec(proof)?.[1];
    if (target !== undefined) {
      expect(read('Makefile')).toContain(`\n${target}: `);
      return;
    }
    const [, file = '', name = ''] = /^`([^`]+)`: (.+)$/.exec(proof) ?? [];
    const source = read(file);
    expect(
      ['test', 'it'].some((one) => source.includes(`${one}('${name}'`)),
      proof,
    ).toBe(true);
  },
);

test('each critical finding is shown on the emulators, beside what pipegen does', () => {
  for (const { severity, finding, proof } of reviewed()) {
    if (severity === 'critical') expect(proof, finding).toMatch(/^`test\/loader-review\/.*: with pipegen, /);
  }
});
