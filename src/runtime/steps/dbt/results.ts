import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { badData, configuration, type StepError, temporary } from '../../errors.ts';
import type { DbtDetails, DbtNode } from '../../receipt.ts';
import type { DbtEnd } from './run-dbt.ts';

/** https://schemas.getdbt.com/dbt/run-results/v6.json, the part that is used. */
const runResults = z.object({
  results: z.array(
    z.object({
      unique_id: z.string(),
      status: z.string(),
      execution_time: z.number(),
      failures: z.number().nullish(),
      message: z.string().nullish(),
    }),
  ),
});

const FAILED = ['error', 'fail', 'runtime error', 'partial success'];
const TEMPORARY = /Could not set lock|Conflicting lock|No space left|Connection|connection|timed? ?out/;
const CONFIGURATION =
  /Compilation Error|Parsing Error|Runtime Error|Dependency Error|Validation|Usage:|Error: (No such|Invalid|Got)|Permission denied/;

/** What dbt left in its target folder; undefined where it came to no result. */
export async function readResults(target: string): Promise<DbtDetails | undefined> {
  const text = await readFile(join(target, 'run_results.json'), 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  const nodes = runResults.parse(JSON.parse(text)).results.map(
    (one): DbtNode => ({
      unique_id: one.unique_id,
      status: one.status,
      seconds: one.execution_time,
      failures: one.failures ?? null,
      message: one.message ?? null,
    }),
  );
  const count = (...statuses: string[]) => nodes.filter(({ status }) => statuses.includes(status)).length;
  return {
    nodes,
    passed: count('success', 'pass', 'no-op'),
    warned: count('warn'),
    failed: count(...FAILED),
    skipped: count('skipped'),
  };
}

export function failedNodes(details: DbtDetails): DbtNode[] {
  return details.nodes.filter(({ status }) => FAILED.includes(status));
}

/** Fails where models or tests did: as bad data, unless every one of them failed for another reason. */
export function nodeFailure(details: DbtDetails): StepError {
  const failed = failedNodes(details);
  const reasons = failed.map(
    ({ unique_id, status, message }) => `${unique_id} ${status}: ${oneLine(message ?? '')}`,
  );
  const text = `${failed.length} of ${details.nodes.length} dbt nodes failed: ${reasons.join('; ')}`;
  const all = (pattern: RegExp) => failed.every(({ message }) => pattern.test(message ?? ''));
  if (all(TEMPORARY)) return temporary(text);
  if (all(/Compilation Error/)) return configuration(text);
  return badData(text);
}

/** Fails where dbt ended before it ran a node. */
export function earlyFailure({ code, errors }: DbtEnd): StepError {
  const text = errors.map(oneLine).join(' ');
  const message = `dbt ended with ${code ?? 'a signal'} before it built anything: ${text === '' ? 'it said nothing' : text}`;
  if (TEMPORARY.test(text)) return temporary(message);
  return CONFIGURATION.test(text) ? configuration(message) : temporary(message);
}

function oneLine(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > 500 ? `${line.slice(0, 500)}…` : line;
}
