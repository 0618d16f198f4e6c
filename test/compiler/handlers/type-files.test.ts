import { execFileSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { NO_FACTS } from '../../../src/cli/cache/fact-cache.ts';
import { openProgram } from '../../../src/cli/handlers/morph.ts';
import { handlerReader } from '../../../src/cli/handlers/read-handlers.ts';
import { compile } from '../../../src/compiler/compile.ts';
import { write } from '../../../src/compiler/write.ts';
import { readGraph } from '../../../src/handlers/module-graph.ts';
import { REPOSITORY } from '../../run/project.ts';

const SPEC = `
version: 1
sources:
  erp: { kind: handler, handler: handlers/read.ts#read }
environments:
  local: &local
    airflow: "3.3"
    launcher: { kind: process }
    store: { kind: files, root: lake }
    warehouse: { kind: duckdb, path: lake.duckdb, schema: raw }
  other: *local
pipelines:
  order_lines:
    extract: { source: erp }
    transform: handlers/lines.ts#lines
    columns:
      id: { type: integer, required: true }
      constructor: { type: bigint }
      price: { type: "decimal(12,2)" }
      ratio: { type: double }
      late: { type: boolean, default: false }
      day: { type: date, required: true }
      at: { type: timestamp }
      clock: { type: time }
      tags: { type: list(string) }
      days: { type: list(date) }
      extra: { type: json }
    load: { table: order_lines }
  orders:
    extract: { source: erp }
    columns:
      id: { type: integer }
      gate: { from: [departure.gate, departure.gates.0.name, departure.gates.1.id] }
      mail: { from: "/customer/e-mail" }
      quote: { from: "/it's/\\"quoted\\"" }
      first: { from: tags.0 }
    load: { table: orders }
`;

const HANDLERS: Readonly<Record<string, string>> = {
  'handlers/read.ts': `import type { SourceContext } from 'pipegen/handlers';
import type { OrdersRecord } from '../generated/types/orders.ts';

export async function* read({ slice }: SourceContext) {
  const records: OrdersRecord[] = [{ id: slice, departure: { gates: [{ name: 'A1' }] }, tags: ['a'] }];
  yield { records };
}
`,
  'handlers/lines.ts': `import type { Transform } from 'pipegen/handlers';
import type { OrderLinesRow } from '../generated/types/order_lines.ts';
import type { OrdersRecord } from '../generated/types/orders.ts';

export function* lines(order: OrdersRecord): Generator<OrderLinesRow> {
  const none = { constructor: null, late: undefined, at: null, clock: null, tags: null };
  const day = '2026-01-31';
  yield { id: Number(order.id), day, price: '1.50', ratio: 1n, days: [day, null], extra: { day }, ...none };
}

export const typed: Transform<OrdersRecord> = lines;
`,
};

let home: string;

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'pipegen-types-'));
  for (const [file, text] of Object.entries(HANDLERS)) {
    mkdirSync(dirname(join(home, file)), { recursive: true });
    writeFileSync(join(home, file), text);
  }
});

afterAll(() => rmSync(home, { recursive: true }));

const readText = (path: string) => (path in HANDLERS ? HANDLERS[path] : undefined);
const build = (spec: string) =>
  compile({
    file: 'pipelines.yaml',
    bytes: Buffer.from(spec),
    readText,
    readHandlers: handlerReader(home, openProgram, NO_FACTS),
  });
const typesOf = (spec: string) => build(spec).files.filter(({ path }) => path.startsWith('types/'));

test('handlers that import their types are sound before the first build', () => {
  expect(build(SPEC).findings).toEqual([]);
});

test('the types of a row and of a record', async () => {
  const files = typesOf(SPEC);
  expect(files.map(({ path }) => path)).toEqual(['types/order_lines.ts', 'types/orders.ts']);
  const text = files.map(({ content }) => content).join('\n');
  await expect(text).toMatchFileSnapshot('type-files.golden.txt');
});

test('are the same whatever the order of the spec and for every environment that is built', () => {
  const [head = '', first = '', second = ''] = SPEC.split(/^(?= {2}order)/m);
  expect(typesOf(`${head}${second}${first}`)).toEqual(typesOf(SPEC));
  const one = compile({ file: 'pipelines.yaml', bytes: Buffer.from(SPEC), readText, environment: 'other' });
  expect(one.files.filter(({ path }) => path.startsWith('types/'))).toEqual(typesOf(SPEC));
});

test('compile strictly with the handlers that import them, and are as Biome writes them', () => {
  const folder = join(home, 'generated');
  write(build(SPEC).files, { folder, check: false });
  writeFileSync(join(home, 'package.json'), '{"type":"module"}');
  cpSync(join(REPOSITORY, 'biome.json'), join(home, 'biome.json'));
  const settings = JSON.parse(readFileSync(join(home, 'biome.json'), 'utf8'));
  const { files: _, vcs: __, ...rest } = settings;
  writeFileSync(join(home, 'biome.json'), JSON.stringify(rest));
  mkdirSync(join(home, 'node_modules/pipegen'), { recursive: true });
  const manifest = { name: 'pipegen', type: 'module', exports: { './handlers': './handlers.ts' } };
  writeFileSync(join(home, 'node_modules/pipegen/package.json'), JSON.stringify(manifest));
  cpSync(join(REPOSITORY, 'src/handlers/handlers.ts'), join(home, 'node_modules/pipegen/handlers.ts'));
  symlinkSync(join(REPOSITORY, 'node_modules/@biomejs'), join(home, 'node_modules/@biomejs'));
  const run = (tool: string, ...args: string[]) => {
    try {
      return execFileSync(join(REPOSITORY, 'node_modules/.bin', tool), args, { cwd: home, encoding: 'utf8' });
    } catch (error) {
      const { stdout, stderr } = error as { stdout: string; stderr: string };
      throw new Error(`${tool}: ${stdout}${stderr}`, { cause: error });
    }
  };
  const strict = [
    '--strict',
    '--exactOptionalPropertyTypes',
    '--noUncheckedIndexedAccess',
    '--isolatedModules',
  ];
  const modules = [
    '--module',
    'nodenext',
    '--target',
    'es2024',
    '--allowImportingTsExtensions',
    '--types',
    '',
  ];
  run('tsc', '--noEmit', ...strict, ...modules, '--lib', 'es2024,dom', ...Object.keys(HANDLERS));
  run('biome', 'check', 'generated/types');
});

test('are pruned with the pipeline that they are of, and never needed to run', () => {
  const folder = join(home, 'generated');
  write(build(SPEC).files, { folder, check: false });
  expect(readdirSync(join(folder, 'types'))).toEqual(['order_lines.ts', 'orders.ts']);
  const less = SPEC.replace(/^ {2}orders:[\s\S]*/m, '');
  const report = write(build(less).files, { folder, check: false });
  expect(report.removed).toContain('types/orders.ts');
  expect(readdirSync(join(folder, 'types'))).toEqual(['order_lines.ts']);
  expect(Object.keys(readGraph('handlers/lines.ts', readText).files)).toEqual(['handlers/lines.ts']);
});
