/**
 * Keys as an RFC 6901 pointer: `['flight', 'iata']` → `/flight/iata`; none is the value itself.
 * DuckDB's own `$."…"` takes `*` for a wildcard even between its quotes; a pointer takes every key as it is.
 */
export function jsonPointer(keys: readonly string[]): string {
  return keys.map((key) => `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** The keys of a dotted path, `flight.iata`; none of the empty one. */
export function dottedKeys(path: string): string[] {
  return path === '' ? [] : path.split('.');
}

/** The keys of a pointer, `/flight/iata`. */
export function pointerKeys(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
}
