import { canonical } from '../../spec/job.ts';
import { isMapping } from '../layers.ts';

/** One value that is not what it was; `before` or `after` is undefined where there was or is none. */
export interface Difference {
  readonly path: readonly string[];
  readonly before: unknown;
  readonly after: unknown;
}

/**
 * Where two JSON values differ, as deep as both are maps. Lists whose items have names are compared by name, and
 * their order as a difference of its own; every other list is one value.
 */
export function compare(before: unknown, after: unknown, path: readonly string[] = []): Difference[] {
  if (canonical(before) === canonical(after)) return [];
  const named = [byName(before), byName(after)] as const;
  if (named[0] !== undefined && named[1] !== undefined) {
    const differences = compareMaps(named[0], named[1], path);
    const orders = named.map((one) => [...(one?.keys() ?? [])]);
    const common = orders.map((keys, index) => keys.filter((key) => named[1 - index]?.has(key)));
    if (String(common[0]) !== String(common[1])) {
      differences.push({ path: [...path, 'order'], before: orders[0], after: orders[1] });
    }
    return differences;
  }
  if (isMapping(before) && isMapping(after)) {
    return compareMaps(new Map(Object.entries(before)), new Map(Object.entries(after)), path);
  }
  return [{ path, before, after }];
}

function compareMaps(
  before: ReadonlyMap<string, unknown>,
  after: ReadonlyMap<string, unknown>,
  path: readonly string[],
): Difference[] {
  const keys = new Set([...before.keys(), ...after.keys()]);
  return [...keys].flatMap((key) => compare(before.get(key), after.get(key), [...path, key]));
}

/** Undefined unless it is a list of maps in which each has another name. An empty list has all its names. */
function byName(value: unknown): Map<string, unknown> | undefined {
  if (!Array.isArray(value)) return undefined;
  const named = new Map<string, unknown>();
  for (const one of value) {
    if (!isMapping(one)) return undefined;
    const { name, step, ...rest } = one;
    const key = name ?? step;
    if (typeof key !== 'string' || named.has(key)) return undefined;
    named.set(key, rest);
  }
  return named;
}
