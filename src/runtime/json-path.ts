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
