/**
 * A dotted path as RFC 6901 pointer: `flight.iata` → `/flight/iata`; empty stays empty, the value itself.
 * DuckDB's own `$."…"` takes `*` for a wildcard even between its quotes; a pointer takes every key as it is.
 */
export function jsonPointer(dotted: string): string {
  if (dotted === '') return '';
  return dotted
    .split('.')
    .map((key) => `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`)
    .join('');
}
