import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { DbtDetails, DbtNode } from '../../receipt.ts';

/** https://schemas.getdbt.com/dbt/run-results/v6.json, the part that is used; the rest is kept as it is. */
const runResults = z.looseObject({
  results: z.array(
    z.looseObject({
      unique_id: z.string(),
      status: z.string(),
      execution_time: z.number(),
      failures: z.number().nullish(),
      message: z.string().nullish(),
    }),
  ),
});

export type RunResults = z.output<typeof runResults>;

/** Name of dbt's file in its target folder, and wherever it is kept. */
export const RUN_RESULTS = 'run_results.json';

const FAILED = ['error', 'fail', 'runtime error', 'partial success'];

/** What dbt left in its target folder; undefined where it came to no result. */
export async function readResults(target: string): Promise<RunResults | undefined> {
  const text = await readFile(join(target, RUN_RESULTS), 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  });
  return text === undefined ? undefined : runResults.parse(JSON.parse(text));
}

/** The same from the text of a file that was kept; undefined where it is none. */
export function parseResults(text: string): RunResults | undefined {
  try {
    return runResults.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** The results of a try that repeated a part, with those of the tries before for all else. */
export function mergeResults(before: RunResults | undefined, now: RunResults): RunResults {
  if (before === undefined) return now;
  const repeated = new Set(now.results.map(({ unique_id }) => unique_id));
  const rest = before.results.filter(({ unique_id }) => !repeated.has(unique_id));
  return { ...now, results: [...rest, ...now.results] };
}

export function detailsOf({ results }: RunResults): Omit<DbtDetails, 'artefacts'> {
  const nodes = results.map(
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

/** What a retry has to repeat: what failed, and what was skipped for it. */
export function isUnfinished({ results }: RunResults): boolean {
  return results.some(({ status }) => status === 'skipped' || FAILED.includes(status));
}

export function failedNodes({ nodes }: Pick<DbtDetails, 'nodes'>): DbtNode[] {
  return nodes.filter(({ status }) => FAILED.includes(status));
}
