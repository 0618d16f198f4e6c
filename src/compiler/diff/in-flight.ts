import { EXIT } from '../../spec/exit-codes.ts';
import type { DagDefinition } from '../dag.ts';
import type { Consequence } from './consequences.ts';

/** What happens to a run that is under way when the file arrives. */
export function inFlight(jobChanged: boolean, after: DagDefinition): Consequence {
  const kept =
    after.airflow === '2.11'
      ? ''
      : ' On a versioned bundle of Airflow 3 it goes on with the file it began with.';
  return { kind: 'in_flight', text: whatHappens(jobChanged, after.tasks.length) + kept };
}

function whatHappens(jobChanged: boolean, steps: number): string {
  if (!jobChanged) return 'The job stays: a run in flight goes on, and its next tasks have the new settings.';
  if (steps === 1) return 'The job changes: a run in flight does its one step with the file that it meets.';
  return `The job changes: a run between two of its steps ends with ${EXIT.configuration}, for its next step finds the receipt of another job. Clear the run.`;
}
