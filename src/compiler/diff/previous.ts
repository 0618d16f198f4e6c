import { z } from 'zod';
import { environmentName } from '../../spec/environment.ts';
import { NAME } from '../../spec/names.ts';
import { isMapping } from '../layers.ts';

/** A DAG as an earlier build described it: JSON that nobody vouches for. */
export type Structure = Readonly<Record<string, unknown>>;

/** What the last build left for an environment. */
export interface Previous {
  readonly dags: ReadonlyMap<string, Structure>;
  /** Why there is nothing to compare with. */
  readonly problem?: string;
}

/** A definition is a few levels deep; more would be somebody's attempt to exhaust the stack. */
const MAX_DEPTH = 40;

const dag = z.looseObject({ definition: z.string().regex(/^[0-9a-f]{12}$/) });

const definitions = z.looseObject({
  version: z.literal(1),
  environment: environmentName,
  dags: z.looseObject({}),
});

/**
 * Reads a `definitions.json`. It is untrusted: it may come from a merge, from another version or from somebody else.
 * @param text undefined where there is no such file
 */
export function readPrevious(environment: string, text: string | undefined): Previous {
  if (text === undefined) return nothing('there is no definitions.json of an earlier build');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return nothing('definitions.json is not JSON');
  }
  if (!isShallow(value, MAX_DEPTH)) return nothing('definitions.json is nested too deeply to be one of ours');
  const parsed = definitions.safeParse(value);
  if (!parsed.success || !isMapping(value) || !isMapping(value.dags)) {
    return nothing('definitions.json does not have the form that this version writes');
  }
  if (parsed.data.environment !== environment) return nothing('definitions.json is of another environment');
  const dags = new Map<string, Structure>();
  for (const [id, one] of Object.entries(value.dags)) {
    if (!NAME.test(id) || !isMapping(one) || !dag.safeParse(one).success) {
      return nothing('definitions.json holds an entry that is not a DAG');
    }
    dags.set(id, one);
  }
  return { dags };
}

function nothing(problem: string): Previous {
  return { dags: new Map(), problem: `${problem}: every DAG counts as added` };
}

function isShallow(value: unknown, levels: number): boolean {
  if (value === null || typeof value !== 'object') return true;
  return levels > 0 && Object.values(value).every((one) => isShallow(one, levels - 1));
}
