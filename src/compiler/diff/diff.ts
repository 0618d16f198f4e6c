import type { AirflowVersion } from '../../spec/environment.ts';
import type { DagDefinition } from '../dag.ts';
import { type Change, type Changes, changesOf, NO_CHANGES } from './changes.ts';
import { type Consequence, consequencesOf } from './consequences.ts';
import type { Previous, Structure } from './previous.ts';

/** `rewritten`: the same definition, another text of the file. */
export type Status = 'added' | 'changed' | 'renamed' | 'removed' | 'rewritten' | 'unchanged';

export interface DagDiff {
  readonly dag: string;
  readonly status: Status;
  /** Of a renamed one: its name before. */
  readonly renamedFrom?: string;
  readonly changes: readonly Change[];
  /** Whether the containers get another job, which they check against the receipts. */
  readonly jobChanged: boolean;
  readonly consequences: readonly Consequence[];
}

export interface EnvironmentDiff {
  readonly environment: string;
  /** Undefined where the environment is no longer in the spec. */
  readonly airflow?: AirflowVersion;
  /** Why there was nothing to compare with. */
  readonly problem?: string;
  /** By name. */
  readonly dags: readonly DagDiff[];
}

export interface DiffInput {
  readonly environment: string;
  readonly airflow?: AirflowVersion;
  readonly previous: Previous;
  readonly dags: readonly DagDefinition[];
  /** Name of a pipeline: what it says it was called before. */
  readonly renamedFrom: ReadonlyMap<string, string>;
  /** DAGs whose file on disk is there and is not what a build writes. */
  readonly otherText: ReadonlySet<string>;
}

/** What a build would change in one environment, and what that means. */
export function diffEnvironment(input: DiffInput): EnvironmentDiff {
  const { environment, airflow, previous, dags } = input;
  const now = new Set(dags.map(({ dagId }) => dagId));
  const renamed = new Set<string>();
  const present = dags.map((dag): DagDiff => {
    const before = previous.dags.get(dag.dagId);
    if (before !== undefined) return compareDag(dag, before, input.otherText.has(dag.dagId));
    const former = input.renamedFrom.get(dag.dagId);
    const old = former === undefined || now.has(former) ? undefined : previous.dags.get(former);
    if (former === undefined || old === undefined) return finish(dag.dagId, 'added', NO_CHANGES, dag);
    renamed.add(former);
    return finish(dag.dagId, 'renamed', changesOf(old, dag), dag, former);
  });
  const gone = [...previous.dags.keys()].filter((id) => !now.has(id) && !renamed.has(id));
  const removed = gone.map((id) => finish(id, 'removed', NO_CHANGES, undefined));
  return {
    environment,
    ...(airflow === undefined ? {} : { airflow }),
    ...(previous.problem === undefined ? {} : { problem: previous.problem }),
    dags: [...present, ...removed].sort((a, b) => (a.dag < b.dag ? -1 : 1)),
  };
}

function compareDag(dag: DagDefinition, before: Structure, otherText: boolean): DagDiff {
  const found = changesOf(before, dag);
  const same = found.changes.length === 0 && before.definition === dag.definition;
  const status = !same ? 'changed' : otherText ? 'rewritten' : 'unchanged';
  return finish(dag.dagId, status, found, dag);
}

function finish(
  id: string,
  status: Status,
  found: Changes,
  after: DagDefinition | undefined,
  renamedFrom?: string,
): DagDiff {
  const known = { dag: id, status, ...found, ...(renamedFrom === undefined ? {} : { renamedFrom }) };
  return { ...known, consequences: consequencesOf(known, after) };
}
