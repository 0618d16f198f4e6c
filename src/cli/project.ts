import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import type { CompileInput } from '../compiler/compile.ts';
import type { Finding } from '../compiler/finding.ts';
import { handlerReader } from './handlers/read-handlers.ts';
import { includedIn } from './included-files.ts';
import { UsageError } from './usage-error.ts';

export const SPEC = 'pipelines.yaml';

/** A spec on disk. */
export interface Project {
  /** Absolute path of the spec. */
  readonly path: string;
  /** Folder of the spec, absolute: where relative paths in it start. */
  readonly home: string;
  /** The spec's path as messages print it. */
  readonly file: string;
}

/** `--file`, or the nearest `pipelines.yaml` upwards. */
export function findProject(file: string | undefined): Project {
  if (file !== undefined) return projectOf(resolve(file));
  for (let folder = process.cwd(); ; folder = dirname(folder)) {
    const path = join(folder, SPEC);
    if (existsSync(path)) return projectOf(path);
    if (dirname(folder) === folder) break;
  }
  throw new UsageError(`there is no ${SPEC} here or in any folder above: name one by --file`);
}

function projectOf(path: string): Project {
  const near = relative(process.cwd(), path);
  return { path, home: dirname(path), file: near === '' || near.startsWith('..') ? path : near };
}

export type ProjectFiles = Pick<
  CompileInput,
  'file' | 'bytes' | 'readText' | 'readFolder' | 'readIncluded' | 'readHandlers'
>;

/** What the compiler needs of the disk; a finding where the spec can't be read. */
export function readProject(project: Project): ProjectFiles | Finding {
  const place = { file: project.file, start: 0, end: 0 };
  const unreadable = (message: string): Finding => ({
    name: 'unreadable-spec',
    severity: 'error',
    message,
    at: place,
    help: 'name a spec that can be read by --file',
  });
  if (!existsSync(project.path)) return unreadable('there is no such file');
  if (!statSync(project.path).isFile()) return unreadable('this is not a file');
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(project.path);
  } catch (error) {
    return unreadable(`the file can’t be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  const readText = (name: string) => {
    const path = resolve(project.home, name);
    return existsSync(path) && statSync(path).isFile() ? readFileSync(path, 'utf8') : undefined;
  };
  const readFolder = (name: string) => filesBelow(resolve(project.home, name));
  return {
    file: project.file,
    bytes,
    readText,
    readFolder,
    readIncluded: includedIn(project.home),
    readHandlers: handlerReader(project.home),
  };
}

/** Relative to the folder, with `/`, in order; none where it can't be read. */
function filesBelow(folder: string): string[] {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) return [];
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
      .sort();
  } catch {
    return [];
  }
}

export function isFinding(value: object): value is Finding {
  return 'severity' in value;
}
