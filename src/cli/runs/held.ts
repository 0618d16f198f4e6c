import type { ResolvedEnvironment } from '../../compiler/resolved.ts';
import type { DescribedRun } from './describe-run.ts';
import { type Loads, openLoads } from './load-records.ts';

/**
 * What the warehouse says of a run's load: `newest` of its partition; `older`: one after it is committed; `missing`:
 * it has no record of it. Null where nobody can say.
 */
export interface Held {
  readonly load: 'newest' | 'older' | 'missing' | null;
  /** The newest load of the partition; why nobody can say. */
  readonly note: string;
}

/** Looks up the load of each run that has one, by place in the list. A warehouse that can't be reached is no failure. */
export async function lookUpLoads(
  environment: ResolvedEnvironment,
  home: string,
  runs: readonly DescribedRun[],
): Promise<Map<DescribedRun, Held>> {
  const tables = new Map(environment.pipelines.map(({ name, settings }) => [name, settings.load?.table]));
  const asked = runs.flatMap((run) => {
    const loadId = run.steps.find(({ step }) => step === 'load')?.load_id;
    const table = tables.get(run.pipeline);
    return loadId === undefined || table === undefined ? [] : [{ run, loadId, table }];
  });
  const held = new Map<DescribedRun, Held>();
  if (asked.length === 0) return held;
  let loads: Loads | undefined;
  try {
    loads = await openLoads(environment, home);
    for (const { run, loadId, table } of asked) {
      const ids = (await loads.of(table, run.partition)).map((record) => record.loadId);
      const newest = ids.at(-1);
      const load = newest === loadId ? 'newest' : ids.includes(loadId) ? 'older' : 'missing';
      held.set(run, { load, note: newest ?? 'no load of this partition is recorded' });
    }
  } catch (error) {
    const note = (error instanceof Error ? error.message : String(error))
      .replaceAll(/\s+/g, ' ')
      .slice(0, 300);
    for (const { run } of asked) if (!held.has(run)) held.set(run, { load: null, note });
  } finally {
    await loads?.close();
  }
  return held;
}
