import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { readGraph } from '../../../src/handlers/module-graph.ts';

const LOAD = fileURLToPath(new URL('load-and-call.ts', import.meta.url));
const run = promisify(execFile);

/**
 * Loads the handler in a process of its own, as a step does: vitest would translate the files itself.
 *
 * @param expected the files that the job was built with; else those that are there
 */
async function load(
  files: Record<string, string>,
  reference = 'handlers/a.ts#handle',
  expected: Record<string, string> = files,
) {
  const home = mkdtempSync(join(tmpdir(), 'pipegen handlers-'));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(home, path)), { recursive: true });
    writeFileSync(join(home, path), text);
  }
  const graph = readGraph(reference.split('#')[0] ?? '', (path) => expected[path]);
  const { stdout, stderr } = await run(process.execPath, [
    LOAD,
    home,
    reference,
    JSON.stringify(graph.files),
  ]);
  return { ...(JSON.parse(stdout) as { result?: unknown; exit?: number; message?: string }), stderr };
}

test('runs TypeScript and JavaScript as they stand, with our errors, and prints no warning', async () => {
  const loaded = await load({
    'handlers/a.ts': `import { BadData, type Transform } from 'pipegen/handlers';
import { twice } from './lib/twice.js';
import names from '../names.json' with { type: 'json' };
export const handle: Transform<{ id: number }> = ({ id }) => {
  if (id < 0) throw new BadData('negative');
  return { id: twice(id), name: names[0] };
};`,
    'handlers/lib/twice.js': 'export const twice = (number) => number * 2;',
    'names.json': '["one"]',
  });
  expect(loaded).toEqual({ result: { id: 42, name: 'one' }, stderr: '' });
});

test('an error is placed by its line in the file', async () => {
  const { exit, message } = await load({
    'handlers/a.ts': `type Flight = { id: number };\n\nexport function handle(flight: Flight) {\n  return (flight as never as { gate: { name: string } }).gate.name;\n}`,
  });
  expect(exit).toBe(78);
  expect(message).toMatch(/^handlers\/a\.ts:4:\d+: handlers\/a\.ts#handle threw TypeError: /);
});

test.each<[string, Record<string, string>, string | undefined, string]>([
  ['a missing file', {}, undefined, 'there is no file handlers/a.ts'],
  [
    'a missing export',
    { 'handlers/a.ts': 'export const other = 1;' },
    undefined,
    'exports no "handle": it exports other',
  ],
  [
    'no function',
    { 'handlers/a.ts': 'export const handle = { a: 1 };' },
    undefined,
    'is of type object, and a function is needed',
  ],
  [
    'no JavaScript',
    { 'handlers/a.ts': 'export enum A { b }\nexport function handle() {}' },
    undefined,
    'enum is not supported',
  ],
  [
    'a missing package',
    { 'handlers/a.ts': "import 'no-such-package-anywhere';\nexport function handle() {}" },
    undefined,
    'Install the package where the step runs',
  ],
  [
    'a wrong import',
    {
      'handlers/a.ts': "import { b } from './b.ts';\nexport const handle = () => b;",
      'handlers/b.ts': 'export const c = 1;',
    },
    undefined,
    'does not provide an export named',
  ],
  [
    'a throw while it is imported',
    { 'handlers/a.ts': "export function handle() {}\nthrow new Error('not today');" },
    undefined,
    'handlers/a.ts:2:7: handlers/a.ts#handle can’t be imported: Error: not today',
  ],
])('%s is a configuration error', async (_, files, reference, message) => {
  expect(await load(files, reference)).toMatchObject({ exit: 78, message: expect.stringContaining(message) });
});

test('refuses code that the job was not built with, and names the file', async () => {
  const files = { 'handlers/a.ts': "import './b.ts';\nexport const handle = () => 1;", 'handlers/b.ts': '' };
  const { exit, message } = await load(files, undefined, {
    ...files,
    'handlers/b.ts': 'export const b = 2;',
  });
  expect(exit).toBe(78);
  expect(message).toContain('handlers/a.ts#handle: handlers/b.ts in /');
  expect(message).toContain('is not what the DAG was built with. Run `pipegen build` and deploy');
});
