/** The maps of the language whose order says something: of a table's columns, of the parameters in a request. */
const ORDERED: ReadonlySet<string> = new Set(['columns', 'query']);

/** The same value with the keys of its maps sorted, so that their order in the spec changes no output. */
export function inKeyOrder(value: unknown): unknown {
  // What an anchor names is one object in many places, and stays one.
  const done = new Map<object, unknown>();
  const copy = (one: unknown, sort: boolean): unknown => {
    if (one === null || typeof one !== 'object') return one;
    if (done.has(one)) return done.get(one);
    if (Array.isArray(one)) {
      const list: unknown[] = [];
      done.set(one, list);
      for (const item of one) list.push(copy(item, true));
      return list;
    }
    const map: Record<string, unknown> = {};
    done.set(one, map);
    const keys = sort ? Object.keys(one).sort() : Object.keys(one);
    for (const key of keys) {
      const inner = copy((one as Record<string, unknown>)[key], !ORDERED.has(key));
      Object.defineProperty(map, key, { value: inner, enumerable: true, configurable: true, writable: true });
    }
    return map;
  };
  return copy(value, true);
}
