import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { laidOver } from '../../src/compiler/explain/sound-spec.ts';
import { REPOSITORY } from '../run/project.ts';

let folder: string;

const start = (args: string[], node: string[] = []) => {
  const entry = join(folder, 'bin/pipegen.js');
  const options = { cwd: REPOSITORY, encoding: 'utf8', stdio: 'pipe' } as const;
  try {
    return { exit: 0, output: execFileSync(process.execPath, [...node, entry, ...args], options) };
  } catch (error) {
    const { status, stdout, stderr } = error as { status: number; stdout: string; stderr: string };
    return { exit: status, output: stdout + stderr };
  }
};

/** As npm would publish it: compiled, without src. */
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'pipegen-package-'));
  const tsc = join(REPOSITORY, 'node_modules/.bin/tsc');
  execFileSync(tsc, ['-p', join(REPOSITORY, 'tsconfig.build.json'), '--outDir', join(folder, 'dist')]);
  for (const name of ['bin', 'package.json'])
    cpSync(join(REPOSITORY, name), join(folder, name), { recursive: true });
  symlinkSync(join(REPOSITORY, 'node_modules'), join(folder, 'node_modules'));
});

afterAll(() => rmSync(folder, { recursive: true }));

describe('the published package', () => {
  it('does what the checkout does', () => {
    expect(start(['lint'])).toEqual({
      exit: 0,
      output: 'pipelines.yaml: 2 pipelines in 5 environments, nothing to say\n',
    });
    expect(start(['build', '--check'])).toMatchObject({ exit: 0 });
  });

  it('ships all that its package.json names', () => {
    const { files, exports } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    expect(files).toEqual(['bin', 'dist']);
    for (const file of Object.values(exports['./sources/aviationstack'] as Record<string, string>)) {
      expect(readFileSync(join(folder, file), 'utf8')).toContain('fetchFlights');
    }
    for (const file of Object.values(exports['./handlers'] as Record<string, string>)) {
      expect(readFileSync(join(folder, file), 'utf8')).toContain('class BadData');
    }
    for (const file of Object.values(exports['./rules'] as Record<string, string>)) {
      expect(readFileSync(join(folder, file), 'utf8')).toContain('checkExamples');
    }
  });

  it('runs the handlers of the documentation, and has the types that they are written against', () => {
    const project = mkdtempSync(join(tmpdir(), 'pipegen-handlers-'));
    try {
      const text = readFileSync(join(REPOSITORY, 'docs/handlers.md'), 'utf8');
      mkdirSync(join(project, 'handlers'));
      for (const [, file = '', code = ''] of text.matchAll(
        /```(?:yaml|ts)\n(?:#|\/\/) (\S+)\n([\s\S]*?)```/g,
      )) {
        writeFileSync(join(project, file), code);
      }
      const orders = [
        { number: 'A1', lines: [{ amount: 2.5 }] },
        { number: '', lines: [] },
      ];
      writeFileSync(join(project, 'sample.json'), JSON.stringify(orders));
      const { exit, output } = start([
        ...['-f', join(project, 'pipelines.yaml'), 'preview', 'order_lines', '--partition', '2026-01-31'],
        ...['--from', join(project, 'sample.json')],
      ]);
      expect(output).toMatch(/^2026-01-31 +A1 +1 +2\.5$/m);
      expect(output).toContain('handler_error');
      expect(output).toContain('BadData: the order has no number');
      expect(exit).toBe(0);

      expect(start(['-f', join(project, 'pipelines.yaml'), 'build'])).toMatchObject({ exit: 0 });
      mkdirSync(join(project, 'node_modules'));
      symlinkSync(folder, join(project, 'node_modules/pipegen'));
      const options = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2024', '--types', ''];
      options.push('--allowImportingTsExtensions');
      const tsc = join(REPOSITORY, 'node_modules/.bin/tsc');
      writeFileSync(join(project, 'package.json'), '{"type":"module"}');
      const files = ['handlers/orders.ts', 'handlers/lines.ts'];
      execFileSync(tsc, [...options, '--lib', 'es2024,dom', '--skipLibCheck', ...files], { cwd: project });
    } finally {
      rmSync(project, { recursive: true });
    }
  });

  it('runs the rule of the documentation and its test, and has the types that it is written against', () => {
    const project = mkdtempSync(join(tmpdir(), 'pipegen-rules-'));
    try {
      const text = readFileSync(join(REPOSITORY, 'docs/policy.md'), 'utf8');
      mkdirSync(join(project, 'rules'));
      for (const [, file = '', code = ''] of text.matchAll(/```ts\n\/\/ (\S+)\n([\s\S]*?)```/g)) {
        writeFileSync(join(project, file), code);
      }
      const spec = `rules: [rules/*.ts]\n${laidOver(
        'pipelines: { flights: { tags: [pii], columns: { passenger_name: {} } } }',
      )}`;
      writeFileSync(join(project, 'pipelines.yaml'), spec);
      // Without the package in the project too: the one that lints is at hand.
      const { exit, output } = start(['-f', join(project, 'pipelines.yaml'), 'lint', '--format', 'concise']);
      expect(output).toMatch(/: error acme-unmasked-pii "passenger_name" is of a person [^\n]*\n$/);
      expect(exit).toBe(1);

      mkdirSync(join(project, 'node_modules'));
      symlinkSync(folder, join(project, 'node_modules/pipegen'));
      writeFileSync(join(project, 'package.json'), '{"type":"module"}');
      const files = ['rules/unmasked-pii.ts', 'rules/unmasked-pii.test.ts'];
      const options = [
        '--noEmit',
        '--strict',
        '--module',
        'nodenext',
        '--target',
        'es2024',
        '--skipLibCheck',
      ];
      options.push('--allowImportingTsExtensions', '--types', 'node');
      options.push('--typeRoots', join(REPOSITORY, 'node_modules/@types'));
      execFileSync(join(REPOSITORY, 'node_modules/.bin/tsc'), [...options, ...files], { cwd: project });
      const tested = execFileSync(process.execPath, ['--test', ...files.slice(1)], {
        cwd: project,
        encoding: 'utf8',
        env: { ...process.env, NODE_TEST_CONTEXT: undefined },
      });
      expect(tested).toContain('acme-unmasked-pii');
      expect(tested).toMatch(/pass 1\n/);
    } finally {
      rmSync(project, { recursive: true });
    }
  });

  it('says one clear sentence under a Node that is too old', () => {
    const old = 'Object.defineProperty(process,"versions",{value:{...process.versions,node:"20.19.1"}})';
    const { exit, output } = start(['lint'], ['--import', `data:text/javascript,${old}`]);
    expect(exit).toBe(2);
    expect(output).toMatch(/^pipegen needs Node.js 22.18 or newer and was started with 20.19.1: [^\n]+\n$/);
  });
});
