import type { DagDefinition } from '../dag.ts';
import type { Change } from './changes.ts';
import type { Consequence } from './consequences.ts';

/**
 * Airflow 3 makes a DAG version when what it stores of a DAG changes. Every definition changes that, because its
 * hash stands in the documentation; of many fields the hash is all that is stored.
 */
export function versionOf(changes: readonly Change[], after: DagDefinition): Consequence {
  if (after.airflow === '2.11') {
    return {
      kind: 'no_version',
      text: 'Airflow 2.11 keeps no versions: the runs of before are shown with the new file.',
    };
  }
  const stored = changes.filter(({ serialized }) => serialized).map(({ path }) => path);
  const told = changes.filter(({ serialized }) => !serialized).map(({ path }) => path);
  const reasons = [
    ...(stored.length === 0 ? [] : [stored.join(', ')]),
    ...(told.length === 0 ? [] : [`the definition’s hash (for ${told.join(', ')})`]),
  ];
  const because = reasons.length === 0 ? 'the definition’s hash' : reasons.join(' and ');
  return { kind: 'new_version', text: `One new DAG version, because of ${because}.` };
}
