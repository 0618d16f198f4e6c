import { createHash } from 'node:crypto';
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { replaceFile } from '../../compiler/output/replace-file.ts';
import type { Project } from '../project.ts';
import { version } from '../version.ts';
import { type CachedLint, isCachedLint } from './cached-lint.ts';

/** To be raised when an entry's form changes. */
const FORM = 2;

const MAX_BYTES = 8 * 2 ** 20;

/** Specs of one user; the ones looked at longest ago go first. */
const MAX_ENTRIES = 50;

/**
 * What the last lint of a spec found and what it had read. It lies in the user's own cache folder and not in the
 * project: whoever can commit a file there could else say of a spec that nothing is wrong with it.
 * @returns undefined where there is none, or none that can be trusted
 */
export function readCachedLint(project: Project): CachedLint | undefined {
  return unlessRefused(() => {
    const path = join(folder(), nameOf(project));
    const stats = lstatSync(path);
    const isOwn = process.getuid === undefined || stats.uid === process.getuid();
    if (!stats.isFile() || !isOwn || stats.size > MAX_BYTES) return undefined;
    const [digest, text = ''] = readFileSync(path, 'utf8').split('\n', 2);
    if (digest !== sha256(text)) return undefined;
    const entry: unknown = JSON.parse(text);
    return isCachedLint(entry) ? entry : undefined;
  });
}

/** What can't be written is looked at again next time. */
export function writeCachedLint(project: Project, entry: CachedLint): void {
  unlessRefused(() => {
    const text = JSON.stringify(entry);
    if (text.length > MAX_BYTES / 4) return;
    mkdirSync(folder(), { recursive: true, mode: 0o700 });
    replaceFile(join(folder(), nameOf(project)), `${sha256(text)}\n${text}\n`);
    const entries = readdirSync(folder()).map((name) => {
      const path = join(folder(), name);
      return { path, time: lstatSync(path).mtimeMs };
    });
    for (const { path } of entries.sort((a, b) => b.time - a.time).slice(MAX_ENTRIES)) rmSync(path);
  });
}

/** https://specifications.freedesktop.org/basedir-spec/latest/ */
function folder(): string {
  const { XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
  const own = process.platform === 'win32' ? LOCALAPPDATA : XDG_CACHE_HOME;
  const base = own === undefined || own === '' ? join(homedir(), '.cache') : own;
  return join(base, 'pipegen', 'lint');
}

/** A spec as it is printed, and the program that judges it, its rules and tables of time zones included. */
function nameOf(project: Project): string {
  const parts = [
    FORM,
    project.path,
    project.file,
    version(),
    process.version,
    process.versions.tz,
    sources(),
  ];
  return `${sha256(JSON.stringify(parts))}.json`;
}

/** Of a checkout, whose version does not say what is in it: name, size and time of each of its files. */
function sources(): string {
  const root = fileURLToPath(new URL('../../../', import.meta.url));
  const code = ['src', 'dist'].map((name) => join(root, name)).filter((path) => existsSync(path));
  const files = code.flatMap((path) =>
    readdirSync(path, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !/[/\\](runtime|stand-in)([/\\]|$)/.test(entry.parentPath))
      .map((entry) => join(entry.parentPath, entry.name)),
  );
  const all = [join(root, 'package.json'), ...files.sort()];
  return sha256(JSON.stringify(all.map((path) => [path, statSync(path).size, statSync(path).mtimeMs])));
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function unlessRefused<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
