import { existsSync, readFileSync, statSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { moduleFormat } from '../../handlers/module-format.ts';
import { readGraph } from '../../handlers/module-graph.ts';
import { parseReference } from '../../handlers/reference.ts';
import type { StepContext } from '../context.ts';
import { configuration } from '../errors.ts';
import { describeThrown, placeOf } from './thrown.ts';

export type HandlerFunction = (...parameters: never[]) => unknown;

/** As handlers import it; ours is taken whatever the project has installed, so that errors and types are the same. */
const PUBLIC = 'pipegen/handlers';

const registered = new Set<string>();

/**
 * The function that a reference such as `handlers/flights.ts#normalise` names, from the project's folder, run as it
 * stands: Node removes the types. Fails as configuration where its files are not those that the job was built with,
 * and where it can't be imported or is no function.
 */
export async function loadHandler(
  { job, home, redact }: Pick<StepContext, 'job' | 'home' | 'redact'>,
  reference: string,
): Promise<HandlerFunction> {
  const { file, exported } = parseReference(reference);
  refuseOtherCode(home, reference, file, job.handlers ?? {});
  registerOnce(home);
  let module: Record<string, unknown>;
  try {
    module = await import(/* @vite-ignore */ pathToFileURL(join(home, file)).href);
  } catch (error) {
    throw configuration(
      `${placeOf(error, home) ?? file}: ${reference} can’t be imported: ${describeThrown(error, redact)}. ${repair(error)}`,
      error,
    );
  }
  const found = module[exported];
  if (typeof found === 'function') return found as HandlerFunction;
  const names = Object.keys(module);
  throw configuration(
    Object.hasOwn(module, exported)
      ? `${reference} is of type ${found === null ? 'null' : typeof found}, and a function is needed: export the handler itself`
      : `${file} exports no "${exported}"${names.length === 0 ? '' : `: it exports ${names.join(', ')}`}. Correct the name after # in the spec, or export it`,
  );
}

/** Kept for the whole process: a handler may import more while it runs. */
function registerOnce(home: string): void {
  const root = pathToFileURL(`${home}/`).href;
  if (registered.has(root)) return;
  registered.add(root);
  registerHooks({
    resolve(specifier, context, next) {
      if (specifier === PUBLIC) return { url: ownModule(), shortCircuit: true };
      const found = next(specifier, context);
      const format = moduleFormat(found.url, root);
      return format === undefined ? found : { ...found, format };
    },
  });
}

/** Of `src` by Node's type stripping, of `dist` in the published package. */
function ownModule(): string {
  const end = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  return new URL(`../../handlers/handlers.${end}`, import.meta.url).href;
}

function refuseOtherCode(
  home: string,
  reference: string,
  file: string,
  expected: Readonly<Record<string, string>>,
): void {
  const { files, problems } = readGraph(file, (path) => readIn(home, path));
  const problem = problems[0];
  if (problem !== undefined) {
    throw configuration(`${reference}: ${problem.message}, looked for in ${home}: ${problem.help}`);
  }
  const other = Object.keys(files).filter((path) => files[path] !== expected[path]);
  if (other.length === 0) return;
  throw configuration(
    `${reference}: ${other.join(', ')} in ${home} ${other.length === 1 ? 'is' : 'are'} not what the DAG was built with. ` +
      'Run `pipegen build` and deploy the DAG and the handlers together',
  );
}

function readIn(home: string, path: string): string | undefined {
  const whole = join(home, path);
  return existsSync(whole) && statSync(whole).isFile() ? readFileSync(whole, 'utf8') : undefined;
}

function repair(error: unknown): string {
  const { code } = error as { code?: unknown };
  if (code === 'ERR_MODULE_NOT_FOUND') return 'Install the package where the step runs, or correct its name';
  return 'Correct the file; it must run in Node as it stands';
}
