import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '..', '..');
const parent = mkdtempSync(join(tmpdir(), 'pipegen-setup-'));
afterAll(() => rmSync(parent, { recursive: true, force: true }));

/** A project of one Python environment without packages, so that nothing is downloaded. */
let project: string;
beforeEach(() => {
  project = mkdtempSync(join(parent, 'project-'));
  cpSync(join(import.meta.dirname, 'fixtures', 'project'), project, { recursive: true });
  mkdirSync(join(project, 'scripts'));
  cpSync(join(ROOT, 'scripts', 'setup.sh'), join(project, 'scripts', 'setup.sh'));
  cpSync(join(ROOT, 'python', 'uv-version'), join(project, 'python', 'uv-version'));
  // The uv that set up this repository, where it is not the one on the PATH.
  mkdirSync(join(project, '.venv'));
  const uv = join(ROOT, '.venv', 'uv');
  if (existsSync(uv)) symlinkSync(uv, join(project, '.venv', 'uv'));
});

function setup(names: string[] = [], path = process.env.PATH ?? '') {
  const { status, stdout, stderr } = spawnSync(join(project, 'scripts', 'setup.sh'), names, {
    cwd: tmpdir(),
    encoding: 'utf8',
    env: { ...process.env, PATH: path },
  });
  return { exit: status, lines: stdout.trimEnd().split('\n'), errors: stderr };
}

const inEnvironment = (name: string) => join(project, '.venv', 'tiny', name);

test('installs once, and again only when the lock file changed', () => {
  expect(setup()).toEqual({
    exit: 0,
    lines: ['npm packages: installed', 'python tiny: installed'],
    errors: '',
  });
  const version = spawnSync(inEnvironment('bin/python'), ['--version'], { encoding: 'utf8' });
  expect(version.stdout).toMatch(/^Python 3\.11\./);

  writeFileSync(inEnvironment('marker'), '');
  expect(setup()).toEqual({
    exit: 0,
    lines: ['npm packages: up to date', 'python tiny: up to date'],
    errors: '',
  });
  expect(existsSync(inEnvironment('marker'))).toBe(true);

  appendFileSync(join(project, 'python', 'tiny', 'uv.lock'), '# changed\n');
  appendFileSync(join(project, 'package-lock.json'), '\n');
  expect(setup(['tiny']).lines).toEqual(['npm packages: installed', 'python tiny: installed']);
  expect(existsSync(inEnvironment('marker'))).toBe(false);
});

test('repeats an environment that was not finished, or whose Python is gone', () => {
  setup();
  rmSync(inEnvironment('.pipegen-setup'));
  expect(setup().lines).toEqual(['npm packages: up to date', 'python tiny: installed']);
  rmSync(inEnvironment('bin/python'));
  expect(setup().lines).toEqual(['npm packages: up to date', 'python tiny: installed']);
});

test('shows why an environment could not be installed, and does not believe it later', () => {
  setup();
  const lock = join(project, 'python', 'tiny', 'uv.lock');
  const good = readFileSync(lock, 'utf8');
  writeFileSync(lock, 'this is no lock file');
  const broken = setup();
  expect(broken.exit).toBe(1);
  expect(broken.errors).toContain('uv.lock');
  expect(broken.errors).toContain('setup: tiny could not be installed');
  expect(existsSync(inEnvironment('.pipegen-setup'))).toBe(false);

  writeFileSync(lock, good);
  expect(setup().lines).toEqual(['npm packages: up to date', 'python tiny: installed']);
});

test('refuses a name that is no environment', () => {
  const { exit, errors } = setup(['tyni']);
  expect(exit).toBe(1);
  expect(errors.trim()).toBe('setup: there is no environment "tyni"; the names are: tiny');
});

/** A PATH that has only what setup needs, except for one command, or with a command of its own in front. */
function pathWith(own: Record<string, string | undefined>): string {
  const bin = mkdtempSync(join(parent, 'bin-'));
  const commands = ['bash', 'env', 'dirname', 'basename', 'tr', 'cut', 'sed', 'cat', 'tail', 'mkdir', 'rm'];
  for (const command of [...commands, 'sha256sum', 'git', 'make', 'node', 'npm', 'python3']) {
    if (command in own) continue;
    const found = spawnSync('which', [command], { encoding: 'utf8' }).stdout.trim();
    if (found !== '') symlinkSync(found, join(bin, command));
  }
  for (const [name, script] of Object.entries(own)) {
    if (script === undefined) continue;
    writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(bin, name), 0o755);
  }
  return bin;
}

test.each(['git', 'make', 'node', 'npm', 'python3'])('says in one sentence that %s is missing', (name) => {
  const { exit, errors } = setup([], pathWith({ [name]: undefined }));
  expect(exit).toBe(1);
  expect(errors.trim().split('\n')).toHaveLength(1);
  expect(errors).toContain(`setup: ${name} is not on the PATH`);
});

test('says in one sentence that node or python3 is too old', () => {
  const node = setup([], pathWith({ node: 'echo v18.20.4' }));
  expect(node.exit).toBe(1);
  expect(node.errors.trim()).toMatch(/^setup: node is v18\.20\.4, too old .* Install Node 20 or newer/);

  const python = setup([], pathWith({ python3: 'test "$1" = --version && echo Python 3.9.2' }));
  expect(python.exit).toBe(1);
  expect(python.errors.trim()).toMatch(/^setup: python3 is Python 3\.9\.2, too old\. Install Python 3\.11/);
});
