import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { LIST_NAME } from '../../../src/compiler/output/file-list.ts';
import { sha256 } from '../../../src/compiler/output/standing.ts';

/** A folder that is not there yet, in one that is removed after the test. */
export function outputFolder(): string {
  const parent = realpathSync(mkdtempSync(join(tmpdir(), 'pipegen-write-')));
  onTestFinished(() => rmSync(parent, { recursive: true, force: true }));
  return join(parent, 'generated');
}

export function put(folder: string, path: string, content: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
}

export function read(folder: string, path: string): string {
  return readFileSync(join(folder, path), 'utf8');
}

/** Every file, relative, in order. */
export function tree(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

/** A list as an attacker or a merge could leave it. */
export function putList(folder: string, files: Readonly<Record<string, string>>): void {
  const hashes = Object.entries(files).map(([path, content]) => [path, sha256(content)]);
  put(folder, LIST_NAME, JSON.stringify({ version: 1, files: Object.fromEntries(hashes) }));
}
