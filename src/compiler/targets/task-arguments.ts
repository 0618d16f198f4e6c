import type { TaskDefinition } from '../dag.ts';
import { type Keywords, literal } from '../python/expression.ts';

/** What a task says of itself to Airflow's scheduler, in every launcher. */
export function taskArguments({ retries, pool, afterPods }: TaskDefinition): Keywords {
  return [
    // One group with nothing to do is skipped, and the others have landed theirs all the same.
    ...(afterPods === undefined ? [] : ([['trigger_rule', literal('none_failed_min_one_success')]] as const)),
    ...(pool === undefined ? [] : ([['pool', literal(pool)]] as const)),
    ...(retries === undefined ? [] : ([['retries', literal(retries)]] as const)),
  ];
}
