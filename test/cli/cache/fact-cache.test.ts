import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openProgram } from '../../../src/cli/handlers/morph.ts';
import { handlerReader } from '../../../src/cli/handlers/read-handlers.ts';
import type { HandlerQuestion } from '../../../src/compiler/handlers/handler-facts.ts';
import { REPOSITORY } from '../../run/project.ts';

const QUESTION: HandlerQuestion = {
  role: 'transform',
  file: 'handlers/rows.ts',
  exported: 'rows',
  generated: { 'generated/types/flights.ts': 'export type FlightsRow = { id: string };\n' },
};
const ROWS = `import type { Flight } from './flight.ts';
import type { FlightsRow } from '../generated/types/flights.ts';
export const rows = (flight: Flight): FlightsRow => ({ ...flight });
`;

let home: string;
let cache: string;
let loads: number;
const { XDG_CACHE_HOME } = process.env;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'pipegen-facts-'));
  cache = mkdtempSync(join(tmpdir(), 'pipegen-cache-'));
  process.env.XDG_CACHE_HOME = cache;
  mkdirSync(join(home, 'handlers'));
  write('handlers/rows.ts', ROWS);
  write('handlers/flight.ts', 'export interface Flight { id: string }\n');
  loads = 0;
});

afterEach(() => {
  if (XDG_CACHE_HOME === undefined) delete process.env.XDG_CACHE_HOME;
  else process.env.XDG_CACHE_HOME = XDG_CACHE_HOME;
  for (const folder of [home, cache]) rmSync(folder, { recursive: true });
});

const write = (file: string, text: string) => writeFileSync(join(home, file), text);

/** A run of its own: what it says, and whether it loaded TypeScript. */
function ask(question: HandlerQuestion = QUESTION) {
  const before = loads;
  const open: typeof openProgram = (...input) => {
    loads += 1;
    return openProgram(...input);
  };
  const readText = (path: string) =>
    existsSync(join(home, path)) ? readFileSync(join(home, path), 'utf8') : undefined;
  const [fact] = handlerReader(home, open)([question], readText);
  return { fact, loaded: loads - before };
}

test('TypeScript is loaded once for files that stay as they are', () => {
  const first = ask();
  expect(first).toMatchObject({ loaded: 1, fact: { returns: [{ fields: { id: { kinds: ['text'] } } }] } });
  expect(ask()).toEqual({ fact: first.fact, loaded: 0 });
});

test('a change of a file that is imported for its types alone is read', () => {
  ask();
  write('handlers/flight.ts', 'export interface Flight { id: number }\n');
  expect(ask()).toMatchObject({ loaded: 1, fact: { returns: [{ fields: { id: { kinds: ['number'] } } }] } });
  expect(ask().loaded).toBe(0);
});

test('so is a change of the columns, by the types that a build would write', () => {
  ask();
  const generated = {
    'generated/types/flights.ts': 'export type FlightsRow = { id: string; gate?: string };\n',
  };
  expect(ask({ ...QUESTION, generated }).loaded).toBe(1);
});

test.each([
  ['cut off', (text: string) => text.slice(0, 40)],
  ['of another form', () => '{"files":{},"fact":{"kind":"function"}}'],
  ['empty', () => ''],
])('an entry that is %s is ignored and written anew', (_, spoil) => {
  const { fact } = ask();
  const folder = join(cache, 'pipegen/handlers');
  const [entry = ''] = readdirSync(folder);
  writeFileSync(join(folder, entry), spoil(readFileSync(join(folder, entry), 'utf8')));
  expect(ask()).toEqual({ fact, loaded: 1 });
  expect(ask()).toEqual({ fact, loaded: 0 });
});

test('where nothing can be written it is asked each time', () => {
  writeFileSync(join(cache, 'pipegen'), 'a file');
  const { fact } = ask();
  expect(ask()).toEqual({ fact, loaded: 1 });
});

test('a type that is not there is looked for again', () => {
  rmSync(join(home, 'handlers/flight.ts'));
  expect(ask()).toMatchObject({ fact: { unresolved: { type: 'Flight' } } });
  write('handlers/flight.ts', 'export interface Flight { id: number }\n');
  const { fact, loaded } = ask();
  expect(loaded).toBe(1);
  expect(fact).not.toHaveProperty('unresolved.type');
});

test('nothing is left in the project, and another project with the same files asks for itself', () => {
  const before = readdirSync(home);
  ask();
  expect(readdirSync(home)).toEqual(before);
  const other = mkdtempSync(join(tmpdir(), 'pipegen-facts-'));
  cpSync(home, other, { recursive: true });
  rmSync(home, { recursive: true });
  home = other;
  expect(ask().loaded).toBe(1);
});

test('a spec without handlers never loads ts-morph, one with handlers does', () => {
  const spec = (pipeline: string) => `
version: 1
sources: { api: { kind: http, base_url: "https://api.example.com" } }
environments:
  local:
    airflow: "3.3"
    launcher: { kind: process }
    store: { kind: files, root: lake }
    warehouse: { kind: duckdb, path: lake.duckdb, schema: raw }
pipelines:
  flights: { extract: { source: api, path: / }, columns: { id: {} }${pipeline} }
`;
  const watch = `import { registerHooks } from 'node:module';
registerHooks({ resolve(specifier, context, next) {
  if (specifier === 'ts-morph') process.stderr.write('ts-morph is loaded');
  return next(specifier, context);
} });`;
  write('watch.mjs', watch);
  const loads = (text: string) => {
    write('pipelines.yaml', text);
    const entry = join(REPOSITORY, 'bin/pipegen.js');
    const args = ['--import', join(home, 'watch.mjs'), entry, 'lint'];
    const script = `exec "$0" "$@" 2>&1 >/dev/null || true`;
    return execFileSync('sh', ['-c', script, process.execPath, ...args], { cwd: home, encoding: 'utf8' });
  };
  expect(loads(spec(''))).toBe('');
  expect(loads(spec(', transform: "handlers/rows.ts#rows"'))).toBe('ts-morph is loaded');
});
