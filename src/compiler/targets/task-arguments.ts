import type { TaskDefinition } from '../dag.ts';
import { type Keywords, literal } from '../python/expression.ts';

/** What a task says of itself to Airflow's scheduler, in every launcher. */
export function taskArguments({ retries, pool }: TaskDefinition): Keywords {
  return [
    ...(pool === undefined ? [] : ([['pool', literal(pool)]] as const)),
    ...(retries === undefined ? [] : ([['retries', literal(retries)]] as const)),
  ];
}
