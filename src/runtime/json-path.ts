/**
 * The value at a dotted path such as `error.code` or `items.0.id`; the empty path is the document itself.
 * Undefined where any part is missing. Only a document's own keys count, so that `constructor` finds nothing.
 */
export function valueAt(document: unknown, path: string): unknown {
  if (path === '') return document;
  let value = document;
  for (const part of path.split('.')) {
    if (value === null || typeof value !== 'object' || !Object.hasOwn(value, part)) return undefined;
    value = (value as Record<string, unknown>)[part];
  }
  return value;
}

/** The same as text where it is a text, a number or a truth value; undefined for anything else. */
export function textAt(document: unknown, path: string): string | undefined {
  const value = valueAt(document, path);
  return ['string', 'number', 'boolean'].includes(typeof value) ? String(value) : undefined;
}

/**
 * JSON in UTF-8 whose numbers that JavaScript would round are texts instead, as they were written: an identifier of
 * 19 digits that lost its last two asks for another record. Five times slower than `JSON.parse`.
 */
export function parseExact(body: Uint8Array): unknown {
  return JSON.parse(new TextDecoder().decode(body), (_key, value: unknown, context?: { source: string }) => {
    if (typeof value !== 'number' || context === undefined) return value;
    return String(value) === context.source || Number.isSafeInteger(value) ? value : context.source;
  });
}
