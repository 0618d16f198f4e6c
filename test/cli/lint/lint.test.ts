import { spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { jsonDocument } from '../../../src/compiler/reporters/json-document.ts';
import { finish, REPOSITORY } from '../../run/project.ts';

const ENTRY = join(REPOSITORY, 'bin/pipegen.js');
const BROKEN = 'version: 1 # first\npipelines:\n  flights: { description: ${partition} } # kept\n';
/** A sound spec with one warning. */
const WARNED = `version: 1
sources:
  api: { kind: http, base_url: https://api.example.com }
environments:
  laptop:
    airflow: "3.3"
    launcher: { kind: process }
    store: { kind: files, root: lake }
    warehouse: { kind: duckdb, path: lake.duckdb, schema: raw }
pipelines:
  orders:
    extract: { source: api, path: /orders }
    columns: { day: { type: date } }
    key: { columns: [day] }
    load: { table: orders }
`;

let home: string;
let folder: string;

beforeEach(() => {
  home = realpathSync(mkdtempSync(join(tmpdir(), 'pipegen-lint-')));
  folder = join(home, 'project');
  mkdirSync(folder);
});

afterEach(() => rmSync(home, { recursive: true, force: true }));

const put = (text: string) => writeFileSync(join(folder, 'pipelines.yaml'), text);
const read = (name = 'pipelines.yaml') => readFileSync(join(folder, name), 'utf8');

function start(args: readonly string[], variables: NodeJS.ProcessEnv = {}) {
  const { GITHUB_STEP_SUMMARY: _, ...environment } = process.env;
  const env = { ...environment, NO_COLOR: '1', XDG_CACHE_HOME: join(home, 'cache'), ...variables };
  return spawn(process.execPath, [ENTRY, ...args], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
}

const pipegen = (args: readonly string[], variables?: NodeJS.ProcessEnv) => finish(start(args, variables));

it('says findings in several formats at once, one of them on stdout', async () => {
  put(BROKEN);
  const summary = join(home, 'summary.md');
  writeFileSync(summary, '# before\n');
  const outputs = ['--output', 'json=out/findings.json', '--output', 'github=annotations.txt'];
  const ended = await pipegen(['lint', '--format', 'concise', ...outputs], { GITHUB_STEP_SUMMARY: summary });
  expect(ended).toEqual({
    exit: 1,
    stderr: '',
    stdout:
      "pipelines.yaml:3:27: error unquoted-placeholder ${partition} stands unquoted where braces are YAML's\n",
  });
  expect(jsonDocument.parse(JSON.parse(read('out/findings.json')))).toMatchObject({ errors: 1, warnings: 0 });
  expect(read('annotations.txt')).toMatch(/^::error file=pipelines\.yaml,line=3,endLine=3,col=27,/);
  expect(readFileSync(summary, 'utf8')).toMatch(/^# before\n### pipegen: 1 error, 0 warnings\n/);
});

it('ends with 1 beyond --max-warnings, and builds nothing then', async () => {
  put(WARNED);
  expect(await pipegen(['lint', '--max-warnings', '1', '--format', 'concise'])).toMatchObject({ exit: 0 });
  const build = await pipegen(['build', '--max-warnings', '0', '--format', 'json']);
  expect(build.exit).toBe(1);
  expect(build.stderr).toMatch(/^error: 1 warning, and --max-warnings allows 0/);
  expect(existsSync(join(folder, 'generated'))).toBe(false);
  const allowed = await pipegen(['build', '--format', 'json']);
  expect(allowed.exit).toBe(0);
  expect(jsonDocument.parse(JSON.parse(allowed.stdout))).toMatchObject({ errors: 0, warnings: 1 });
  expect(allowed.stderr).toMatch(/^wrote generated\/.*\n1 DAG: /s);
});

it.each([
  [['--output', 'sarif'], /Write FORMAT=FILE/],
  [['--output', 'json=-'], /stdout is for --format/],
  [['--output', 'xml=x'], /formats are pretty, concise, json, sarif, github/],
  [['--max-warnings', '-1'], /A whole number is needed/],
  [['--fix', '--watch'], /cannot be used with option/],
])('%j is a wrong invocation', async (args, message) => {
  put(WARNED);
  const { exit, stderr } = await pipegen(['lint', ...args]);
  expect(stderr).toMatch(message);
  expect(exit).toBe(2);
});

it('says of an output that can’t be written what stands in the way', async () => {
  put(WARNED);
  writeFileSync(join(folder, 'file'), '');
  const { exit, stderr } = await pipegen(['lint', '--output', 'json=file/findings.json']);
  expect(stderr).toMatch(/^error: can not read or write .*a file stands where a folder must be/);
  expect(exit).toBe(1);
});

it('fixes in place, says what, keeps permissions, and has nothing to fix the second time', async () => {
  put(BROKEN);
  chmodSync(join(folder, 'pipelines.yaml'), 0o640);
  const first = await pipegen(['lint', '--fix', '--format', 'concise']);
  expect(first.stderr).toBe('fixed pipelines.yaml:3:27: unquoted-placeholder: put it in quotes\n');
  expect(first.stdout).not.toContain('unquoted-placeholder');
  expect(read()).toBe(BROKEN.replace('${partition}', '"${partition}"'));
  expect(statSync(join(folder, 'pipelines.yaml')).mode & 0o777).toBe(0o640);
  const second = await pipegen(['lint', '--fix', '--format', 'concise']);
  expect(second).toEqual({ ...first, stderr: '' });
});

it('follows a link inside of the project and none that leads out of it', async () => {
  mkdirSync(join(folder, 'specs'));
  writeFileSync(join(folder, 'specs/own.yaml'), BROKEN);
  symlinkSync('specs/own.yaml', join(folder, 'pipelines.yaml'));
  await pipegen(['lint', '--fix']);
  expect(lstatSync(join(folder, 'pipelines.yaml')).isSymbolicLink()).toBe(true);
  expect(read('specs/own.yaml')).toContain('"${partition}"');
  writeFileSync(join(home, 'other.yaml'), BROKEN);
  rmSync(join(folder, 'pipelines.yaml'));
  symlinkSync('../other.yaml', join(folder, 'pipelines.yaml'));
  const { exit, stderr } = await pipegen(['lint', '--fix']);
  expect(stderr).toMatch(/^not fixed pipelines\.yaml: it is a link to a file outside/);
  expect(exit).toBe(1);
  expect(readFileSync(join(home, 'other.yaml'), 'utf8')).toBe(BROKEN);
});

it('answers from its cache where nothing changed, and never from a damaged or an older one', async () => {
  put(WARNED);
  const first = await pipegen(['lint']);
  const cache = join(home, 'cache/pipegen/lint');
  const [name = ''] = readdirSync(cache);
  const entry = readFileSync(join(cache, name), 'utf8');
  const { ino } = statSync(join(cache, name));
  expect(await pipegen(['lint'])).toEqual(first);
  // An answer from the cache writes none.
  expect(statSync(join(cache, name)).ino).toBe(ino);
  writeFileSync(join(cache, name), entry.replace('nullable-key', 'other-name'));
  expect(await pipegen(['lint'])).toEqual(first);
  expect(readFileSync(join(cache, name), 'utf8')).toBe(entry);
  put(WARNED.replace('{ type: date }', '{ type: date, required: true }'));
  expect((await pipegen(['lint'])).stdout).toMatch(/nothing to say\n$/);
});

it('parses again only the files that changed, and says what it says without a cache', async () => {
  const [head = '', orders = ''] = WARNED.split('pipelines:\n');
  put(`include: ["*.more.yaml"]\n${head}`);
  for (const name of ['a', 'b']) {
    writeFileSync(join(folder, `${name}.more.yaml`), `pipelines:\n${orders.replaceAll('orders', name)}`);
  }
  const parsed = join(home, 'cache/pipegen/parsed');
  await pipegen(['lint']);
  const before = readdirSync(parsed);
  expect(before).toHaveLength(3);
  writeFileSync(join(folder, 'b.more.yaml'), `\n\npipelines:\n${orders.replaceAll('orders', 'b')}`);
  const again = await pipegen(['lint']);
  expect(again.stdout).toMatch(/a\.more\.yaml:5:21\n.*b\.more\.yaml:7:21\n/s);
  const added = readdirSync(parsed).filter((name) => !before.includes(name));
  expect(added).toHaveLength(1);
  rmSync(join(home, 'cache'), { recursive: true });
  expect(await pipegen(['lint'])).toEqual(again);
});

it('watches: lints again after a change, and SIGINT ends it without an error', async () => {
  put(WARNED);
  const child = start(['lint', '--watch', '--format', 'concise']);
  let said = '';
  child.stderr.on('data', (data: Buffer) => {
    said += data.toString();
  });
  const ended = finish(child);
  const rounds = async (count: number) => {
    while (said.split('waiting for a change').length <= count && child.exitCode === null) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  try {
    await rounds(1);
    put(BROKEN);
    await rounds(2);
    child.kill('SIGINT');
    const { exit, stdout } = await ended;
    expect(exit).toBe(0);
    expect(stdout).toMatch(/warning nullable-key .*\n.* error unquoted-placeholder /);
  } finally {
    child.kill('SIGKILL');
  }
});
