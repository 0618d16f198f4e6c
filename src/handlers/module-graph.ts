import { createHash } from 'node:crypto';
import { stripTypeScriptTypes } from 'node:module';
import { parse } from 'es-module-lexer/js';
import { normal } from './reference.ts';

/** Why the file of a handler or of a rule, or one that it imports, can't be used. */
export interface ModuleProblem {
  /** Relative to the project. */
  readonly file: string;
  /** What is wrong, as a sentence that begins with the file. */
  readonly message: string;
  readonly help: string;
}

export interface ModuleGraph {
  /** Every file of the project that the file needs, itself included: path → 16 digits of its SHA-256. */
  readonly files: Readonly<Record<string, string>>;
  /** What the file exports; undefined where it exports all of a package, which is not looked into. */
  readonly exports: ReadonlySet<string> | undefined;
  /** Packages and parts of Node that its files import; `import(…)` for what only shows when they run. */
  readonly foreign: readonly string[];
  readonly problems: readonly ModuleProblem[];
}

interface Module {
  readonly imports: readonly string[];
  readonly exports: readonly string[];
  /** Whose exports are exported too, `export * from …`. */
  readonly stars: readonly string[];
  /** Whether it imports what is worked out while it runs. */
  readonly computes: boolean;
}

const SCRIPT = /\.[cm]?[jt]s$/;

/**
 * Follows the relative imports of a file. Its packages count by the name in its text: what version of them is there
 * is for the project's lock file. The compiler and the runtime read the same, so both come to the same hashes.
 *
 * @param read text of a file of the project, undefined where there is none
 */
export function readGraph(file: string, read: (path: string) => string | undefined): ModuleGraph {
  const modules = new Map<string, Module>();
  const files: Record<string, string> = {};
  const problems: ModuleProblem[] = [];
  const queue: { path: string; importer: string | undefined }[] = [{ path: file, importer: undefined }];
  for (const { path, importer } of queue) {
    if (modules.has(path)) continue;
    modules.set(path, { imports: [], exports: [], stars: [], computes: false });
    const text = read(path);
    if (text === undefined) {
      problems.push(missing(path, importer, read));
      continue;
    }
    files[path] = hashOf(text);
    if (!SCRIPT.test(path)) continue;
    const module = readModule(path, text);
    if ('problem' in module) {
      problems.push(module.problem);
      continue;
    }
    modules.set(path, module);
    for (const specifier of [...module.imports, ...module.stars].filter(isRelative)) {
      const target = targetOf(path, specifier);
      if (target !== undefined) queue.push({ path: target, importer: path });
      else problems.push(outside(path, specifier));
    }
  }
  const all = [...modules.values()];
  const foreign = all.flatMap(({ imports, stars, computes }) => [
    ...[...imports, ...stars].filter((one) => !isRelative(one)),
    ...(computes ? ['import(…)'] : []),
  ]);
  return {
    files: sorted(files),
    exports: exportsOf(file, modules, new Set()),
    foreign: [...new Set(foreign)],
    problems,
  };
}

function readModule(path: string, text: string): Module | { problem: ModuleProblem } {
  try {
    const [imports, exports] = parse(/\.[cm]?ts$/.test(path) ? strip(text) : text);
    return {
      imports: imports.flatMap((one) =>
        one.type === 'static' || (one.type === 'dynamic' && !one.glob) ? (one.specifier ?? []) : [],
      ),
      exports: exports.flatMap((one) => (one.type === 'reexport-all' ? [] : one.name)),
      stars: imports.flatMap((one) => (one.type === 'reexport-star' ? one.specifier : [])),
      computes: imports.some((one) => one.type === 'dynamic' && (one.glob || one.specifier === undefined)),
    };
  } catch (error) {
    const why = error instanceof Error ? error.message.split('\n')[0] : String(error);
    const unsupported = (error as { code?: unknown }).code === 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX';
    return {
      problem: {
        file: path,
        message: `${path} can’t be read as a module: ${why}`,
        help: unsupported
          ? 'Node removes types and translates nothing: write it without enum, namespace, parameter properties and import aliases'
          : 'correct the syntax',
      },
    };
  }
}

/** Without the warning that Node prints of this function and not of the files that it runs in the same way. */
function strip(text: string): string {
  const { emitWarning } = process;
  process.emitWarning = () => undefined;
  try {
    return stripTypeScriptTypes(text);
  } finally {
    process.emitWarning = emitWarning;
  }
}

function exportsOf(
  path: string,
  modules: ReadonlyMap<string, Module>,
  seen: Set<string>,
): Set<string> | undefined {
  if (seen.has(path)) return new Set();
  seen.add(path);
  const module = modules.get(path);
  const names = new Set(module?.exports);
  for (const specifier of module?.stars ?? []) {
    const target = isRelative(specifier) ? targetOf(path, specifier) : undefined;
    const more = target === undefined ? undefined : exportsOf(target, modules, seen);
    if (more === undefined) return undefined;
    for (const name of more) if (name !== 'default') names.add(name);
  }
  return names;
}

function isRelative(specifier: string): boolean {
  return /^(\.\.?)?\//.test(specifier) || specifier.startsWith('file:');
}

function targetOf(importer: string, specifier: string): string | undefined {
  if (!specifier.startsWith('.')) return undefined;
  const folder = importer.split('/').slice(0, -1).join('/');
  return normal(`${folder}/${specifier.replace(/[?#].*$/, '')}`);
}

function missing(
  path: string,
  importer: string | undefined,
  read: (path: string) => string | undefined,
): ModuleProblem {
  const place = importer === undefined ? '' : `, which ${importer} imports`;
  const near = ['.ts', '.js', '.mjs', '/index.ts', '/index.js'].find((end) => read(path + end) !== undefined);
  return {
    file: importer ?? path,
    message: `there is no file ${path}${place}`,
    help:
      near === undefined
        ? importer === undefined
          ? 'paths of handlers start at the folder of the spec; correct it, or add the file'
          : 'correct the import, or add the file'
        : `did you mean ${path}${near}? Node imports files by their whole name`,
  };
}

function outside(path: string, specifier: string): ModuleProblem {
  return {
    file: path,
    message: `${path} imports "${specifier}", which is outside of the project`,
    help: 'move it into the folder of the spec, or make it a package: only that folder goes where the code runs',
  };
}

/** A checkout on another system may end its lines otherwise, which changes nothing of what a file does. */
function hashOf(text: string): string {
  return createHash('sha256').update(text.replaceAll('\r\n', '\n')).digest('hex').slice(0, 16);
}

function sorted(files: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1)));
}
