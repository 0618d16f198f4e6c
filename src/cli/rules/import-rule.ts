import { realpathSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import type { RuleFile } from '../../compiler/custom-rules/rule-file.ts';
import { moduleFormat } from '../../handlers/module-format.ts';
import { watchForStrayErrors } from './stray-errors.ts';

/** As rules import it; ours is taken whether the project has installed the package or not. */
const PUBLIC = 'pipegen/rules';

/** Asks Node for the file as it is now, and for those that it imports too. */
const VERSION = 'pipegen';

const MAX_MESSAGE = 500;

const registered = new Set<string>();

/**
 * What a file of the project exports as default, run as it stands: Node removes the types.
 *
 * @param home folder of the project, absolute
 * @param version another one for another text of it or of what it imports
 * @param patience in milliseconds: one whose import never ends must not keep the command for ever
 */
export async function importRule(
  home: string,
  path: string,
  version: string,
  patience = 10_000,
): Promise<RuleFile['loaded']> {
  const folder = realpathSync(home);
  registerOnce(folder);
  watchForStrayErrors(folder);
  const url = pathToFileURL(join(folder, path));
  url.searchParams.set(VERSION, version);
  const abort = new AbortController();
  try {
    const late = wait(patience, undefined, { signal: abort.signal });
    const module: Record<string, unknown> | undefined = await Promise.race([
      import(/* @vite-ignore */ url.href),
      late,
    ]);
    if (module === undefined) {
      const problem = `${path} has not ended after ${patience / 1000} s, and what it exports is not known`;
      return { problem, help: 'let it wait for nothing while it is imported' };
    }
    if (Object.hasOwn(module, 'default')) return { exported: module.default };
    return {
      problem: `${path} has no default export`,
      help: 'write "export default" before its rule; other code belongs where the pattern does not match',
    };
  } catch (error) {
    return { problem: `${path} can’t be imported: ${describe(error)}`, help: repair(error) };
  } finally {
    abort.abort();
  }
}

/** Kept for the whole process. */
function registerOnce(folder: string): void {
  const root = pathToFileURL(`${folder}/`).href;
  if (registered.has(root)) return;
  registered.add(root);
  registerHooks({
    resolve(specifier, context, next) {
      if (specifier === PUBLIC) return { url: ownModule(), shortCircuit: true };
      const found = next(specifier, context);
      if (!found.url.startsWith(root) || found.url.includes('/node_modules/')) return found;
      const format = moduleFormat(found.url, root);
      const version = versionOf(context.parentURL);
      const url = new URL(found.url);
      if (version !== null && versionOf(found.url) === null) url.searchParams.set(VERSION, version);
      return { ...found, url: url.href, ...(format === undefined ? {} : { format }) };
    },
  });
}

function versionOf(url: string | undefined): string | null {
  return url !== undefined && URL.canParse(url) ? new URL(url).searchParams.get(VERSION) : null;
}

/** Of `src` by Node's type stripping, of `dist` in the published package. */
function ownModule(): string {
  const end = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  return new URL(`../../rules/rules.${end}`, import.meta.url).href;
}

function describe(error: unknown): string {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  // Node adds by which path on this machine it was imported; which file it is stands before it.
  return (text.split('\n')[0] ?? '').replace(/ imported from .*$/, '').slice(0, MAX_MESSAGE);
}

function repair(error: unknown): string {
  const { code } = (error ?? {}) as { code?: unknown };
  if (code === 'ERR_MODULE_NOT_FOUND') return 'install the package, or correct its name';
  return 'correct the file; it must run in Node as it stands';
}
