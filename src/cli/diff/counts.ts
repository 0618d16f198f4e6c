import type { DagDiff, Status } from '../../compiler/diff/diff.ts';

export const STATUSES: readonly Status[] = [
  'added',
  'changed',
  'renamed',
  'removed',
  'rewritten',
  'unchanged',
];

/** `1 added, 3 unchanged`; what there is none of is left out. */
export function countsOf(dags: readonly DagDiff[]): string {
  const counts = STATUSES.map(
    (status) => [dags.filter((one) => one.status === status).length, status] as const,
  );
  const told = counts.filter(([count]) => count > 0).map(([count, status]) => `${count} ${status}`);
  return told.length === 0 ? 'no DAGs' : told.join(', ');
}
