import type { DagDefinition } from '../dag.ts';
import { structureOf } from '../definitions.ts';
import { compare, type Difference } from './compare.ts';
import { type Meaning, meaningOf } from './meaning.ts';
import type { Structure } from './previous.ts';
import { isDerived, specPath } from './spec-path.ts';

/** A difference between two definitions of a DAG, in the words of the spec. */
export interface Change extends Meaning {
  /** `extract.query.flight_date`; `steps.*` where it is the same in every step. */
  readonly path: string;
  /** Undefined where there was none. */
  readonly before: unknown;
  readonly after: unknown;
}

export interface Changes {
  readonly changes: readonly Change[];
  /** Whether the containers get another job, which they check against the receipts. */
  readonly jobChanged: boolean;
}

export const NO_CHANGES: Changes = { changes: [], jobChanged: false };

export function changesOf(old: Structure, dag: DagDefinition): Changes {
  const differences = compare(old, structureOf(dag));
  const telling = differences.filter(({ path }) => !isDerived(path));
  const found = foldSteps(telling, dag.tasks.length);
  const changes = found.map(({ path, before, after }): Change => {
    const inSpec = specPath(path);
    const isStep = path[0] === 'tasks' && path.length === 2;
    const value = (one: unknown) => {
      if (isStep) return one === undefined ? undefined : path[1];
      return path.at(-1)?.endsWith('Seconds') ? inUnits(one) : one;
    };
    return { path: inSpec.join('.'), before: value(before), after: value(after), ...meaningOf(inSpec) };
  });
  return { changes, jobChanged: differences.some(({ path }) => path[0] === 'job') };
}

const UNITS = { d: 86_400, h: 3_600, m: 60, s: 1 } as const;

/** Seconds as the spec would say them, `30m`; anything else as it is. */
function inUnits(seconds: unknown): unknown {
  if (typeof seconds !== 'number' || seconds <= 0) return seconds;
  const unit = Object.entries(UNITS).find(([, size]) => Number.isInteger(seconds / size));
  return unit === undefined ? `${seconds * 1000}ms` : `${seconds / unit[1]}${unit[0]}`;
}

/** What is the same in all steps was written once, and is told once. */
function foldSteps(differences: readonly Difference[], steps: number): Difference[] {
  const keyOf = ({ path, before, after }: Difference) =>
    path[0] === 'tasks' && path.length > 2 ? JSON.stringify([path.slice(2), before, after]) : undefined;
  const groups = Map.groupBy(differences, keyOf);
  const told = new Set<string>();
  return differences.flatMap((one) => {
    const key = keyOf(one);
    if (key === undefined || steps < 2 || groups.get(key)?.length !== steps) return [one];
    if (told.has(key)) return [];
    told.add(key);
    return [{ ...one, path: ['tasks', '*', ...one.path.slice(2)] }];
  });
}
