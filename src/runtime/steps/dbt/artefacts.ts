import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { StepContext } from '../../context.ts';
import { artefactName } from '../../object-names.ts';
import type { DbtDetails } from '../../receipt.ts';
import { parseResults, RUN_RESULTS, type RunResults } from './results.ts';

const MANIFEST = 'manifest.json';

/** Keeps what dbt left of this try in the store: its results, with those of the tries before, and its manifest. */
export async function keepArtefacts(
  context: StepContext,
  target: string,
  results: RunResults,
): Promise<DbtDetails['artefacts']> {
  const names: DbtDetails['artefacts'] = { run_results: nameOf(context, RUN_RESULTS) };
  await put(context, names.run_results, JSON.stringify(results));
  // dbt writes it first, so it is there; a program in its place may have none.
  const manifest = await readFile(join(target, MANIFEST), 'utf8').catch(() => undefined);
  if (manifest === undefined) return names;
  const name = nameOf(context, MANIFEST);
  await put(context, name, manifest);
  return { ...names, manifest: name };
}

/**
 * The results of the try before, where this is an automatic retry of the same job. Undefined for the first try, for
 * a task that a person has cleared, and on the command line, where each call is a person's.
 */
export async function resultsBefore(context: StepContext): Promise<RunResults | undefined> {
  const { identity, store, force } = context;
  if (force || identity.maxTries === undefined || identity.tryNumber < 2) return undefined;
  const bytes = await store.read(nameOf(context, RUN_RESULTS));
  return bytes === undefined ? undefined : parseResults(Buffer.from(bytes).toString('utf8'));
}

/** All tries that belong together have one folder, below the first partition of the run. */
function nameOf({ job, jobHash, identity }: StepContext, file: string): string {
  const { partitions, run, maxTries } = identity;
  const tries = JSON.stringify([jobHash, maxTries ?? null, partitions]);
  const key = createHash('sha256').update(tries).digest('hex').slice(0, 12);
  return artefactName(job.pipeline, partitions[0] ?? '', run, key, file);
}

async function put({ store, redact }: StepContext, name: string, text: string): Promise<void> {
  await store.overwrite(name, Buffer.from(redact(text)));
}
