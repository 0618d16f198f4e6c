import { createHash } from 'node:crypto';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { version } from '../version.ts';

/**
 * The name of an answer: what was asked, and the program that answered, its rules and tables of time zones included.
 * @param parts what JSON can hold
 */
export function entryName(...parts: readonly unknown[]): string {
  program ??= [version(), process.version, process.versions.tz, sources()];
  return sha256(JSON.stringify([...program, ...parts]));
}

let program: readonly unknown[] | undefined;

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
