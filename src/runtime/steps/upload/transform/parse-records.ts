import { valueAt } from '../../../json-path.ts';

/** A number of as many digits may be one that JavaScript would round. */
const LONG = 16;

/**
 * The records of a JSON page. Whole numbers beyond 2^53 are bigints, so that an identifier of 19 digits keeps its
 * last ones; undefined where the page has no list at the path.
 */
export function parseRecords(page: Buffer, path: string): readonly unknown[] | undefined {
  const text = page.toString('utf8');
  const document: unknown = hasLongNumber(page) ? JSON.parse(text, exact) : JSON.parse(text);
  const records = valueAt(document, path);
  return Array.isArray(records) ? records : undefined;
}

/** With a reviver parsing takes five times as long, so it is used for pages that need it alone. */
function hasLongNumber(page: Buffer): boolean {
  const digit = (index: number) => {
    const byte = page[index] ?? 0;
    return byte >= 0x30 && byte <= 0x39;
  };
  // So long a run has a digit at one of these places, wherever it begins.
  for (let at = 0; at < page.length; at += LONG) {
    if (!digit(at)) continue;
    let first = at;
    let last = at;
    while (digit(first - 1)) first -= 1;
    while (digit(last + 1)) last += 1;
    if (last - first + 1 >= LONG) return true;
  }
  return false;
}

function exact(_key: string, value: unknown, context?: { source?: string }): unknown {
  const source = context?.source;
  if (typeof value !== 'number' || source === undefined || Number.isSafeInteger(value)) return value;
  return /^-?[0-9]+$/.test(source) ? BigInt(source) : value;
}
