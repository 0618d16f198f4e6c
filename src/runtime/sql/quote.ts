/** The one place where a name becomes SQL text: `"…"`, whatever it holds. */
export function identifier(name: string): string {
  if (name === '' || name.includes('\0')) throw new TypeError('a name in SQL needs a character and no NUL');
  return `"${name.replaceAll('"', '""')}"`;
}

/** `"schema"."table"`. */
export function qualified(...names: readonly string[]): string {
  return names.map(identifier).join('.');
}

/**
 * The one place where a text becomes SQL text. For what cannot be bound: paths of table functions and COPY, lists.
 * DuckDB's parser ends at NUL, so that one is put in by its code.
 */
export function literal(text: string): string {
  if (!text.isWellFormed()) throw new TypeError('a text in SQL may hold no lone surrogate');
  const parts = text.split('\0').map((part) => `'${part.replaceAll("'", "''")}'`);
  return parts.length === 1 ? (parts[0] ?? "''") : `(${parts.join(' || chr(0) || ')})`;
}

/** `'a', 'b'`, for `IN (…)` and `[…]`. */
export function literals(texts: readonly string[]): string {
  return texts.map(literal).join(', ');
}

/** A path for the table functions of DuckDB, which would read `*`, `?` and `[` in it as patterns. */
export function filePath(path: string): string {
  return literal(path.replace(/[*?[]/g, '[$&]'));
}
