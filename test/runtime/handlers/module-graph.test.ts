import { expect, test } from 'vitest';
import { readGraph } from '../../../src/handlers/module-graph.ts';

const graph = (files: Record<string, string>, file = 'handlers/a.ts') =>
  readGraph(file, (path) => files[path]);

test('follows relative imports of every kind, and no package', () => {
  const { files, exports, problems } = graph({
    'handlers/a.ts': `import type { T } from './types-only.ts';
import { b } from './lib/b.ts';
import zod from 'zod';
import { readFileSync } from 'node:fs';
import codes from '../codes.json' with { type: 'json' };
export * from './c.ts';
export { d as e } from './d.js';
export async function* read<X extends object>(x: X): AsyncGenerator<X> { yield (await import('./late.ts')).late as X; }
export default 1;`,
    'handlers/lib/b.ts': "import { c } from '../c.ts';\nexport const b: number = c;",
    'handlers/c.ts': 'export const c = 1;\nexport type Hidden = string;',
    'handlers/d.js': "import './a.ts';\nexport const d = 2;",
    'handlers/late.ts': 'export const late = 3;',
    'codes.json': '{}',
  });
  expect(problems).toEqual([]);
  expect(Object.keys(files)).toEqual([
    'codes.json',
    'handlers/a.ts',
    'handlers/c.ts',
    'handlers/d.js',
    'handlers/late.ts',
    'handlers/lib/b.ts',
  ]);
  expect([...(exports ?? [])].sort()).toEqual(['c', 'default', 'e', 'read']);
});

test('hashes the text, whatever ends its lines', () => {
  const hash = (text: string) => graph({ 'handlers/a.ts': text }).files['handlers/a.ts'];
  expect(hash('export const a = 1;\n')).toMatch(/^[0-9a-f]{16}$/);
  expect(hash('export const a = 1;\r\n')).toBe(hash('export const a = 1;\n'));
  expect(hash('export const a = 2;\n')).not.toBe(hash('export const a = 1;\n'));
});

test.each([
  [{}, 'there is no file handlers/a.ts', 'paths of handlers start at the folder of the spec'],
  [
    { 'handlers/a.ts': "import './b';", 'handlers/b.ts': '' },
    'there is no file handlers/b, which handlers/a.ts imports',
    'did you mean handlers/b.ts?',
  ],
  [
    { 'handlers/a.ts': "import '../../secret.ts';" },
    'handlers/a.ts imports "../../secret.ts", which is outside of the project',
    'move it into the folder of the spec',
  ],
  [{ 'handlers/a.ts': "import '/etc/x.ts';" }, 'imports "/etc/x.ts", which is outside', 'move it'],
  [{ 'handlers/a.ts': 'enum A { b }' }, 'enum is not supported', 'without enum, namespace'],
  [{ 'handlers/a.ts': 'const = 1' }, 'handlers/a.ts can’t be read as a module: ', 'correct the syntax'],
  [
    { 'handlers/a.ts': "import './b.js';", 'handlers/b.js': 'const a = `' },
    'handlers/b.js can’t be read',
    'syntax',
  ],
])('says what is wrong of %j', (files, message, help) => {
  const { problems } = graph(files as Record<string, string>);
  expect(problems).toHaveLength(1);
  expect(problems[0]?.message).toContain(message);
  expect(problems[0]?.help).toContain(help);
});

test('prints no warning of Node', () => {
  const warnings: unknown[] = [];
  const listen = (warning: unknown) => void warnings.push(warning);
  process.on('warning', listen);
  graph({ 'handlers/a.ts': 'export const a: number = 1;' });
  return new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
    process.off('warning', listen);
    expect(warnings).toEqual([]);
  });
});
