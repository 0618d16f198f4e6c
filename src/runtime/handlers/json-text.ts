/** Objects inside each other; more are taken for one that holds itself. */
const DEEPEST = 500;

/** A value that JSON has no word for; the message continues the name of its place. */
export class NotJson extends Error {
  override readonly name = 'NotJson';
}

/** Writes a number as it stands, however many digits; the types of es2024 do not know it yet. */
const { rawJSON } = JSON as unknown as { rawJSON(text: string): object };

/**
 * What a handler gives, as JSON: a Date becomes its instant in UTC, a bigint its digits, undefined in an object is
 * left out. Refuses what would get lost on the way: NaN, infinities, functions, symbols, Map and Set, lone
 * surrogates, objects that hold themselves.
 */
export function jsonText(value: unknown): string {
  return JSON.stringify(isPlain(value, 0) ? value : converted(value)) ?? 'null';
}

/** What came from JSON as JSON again, with the bigints that its long numbers have become; refuses nothing. */
export function jsonAgain(value: unknown): string {
  return JSON.stringify(converted(value)) ?? 'null';
}

/** Whether `JSON.stringify` writes it without loss; throws where nothing does. Cheaper than a replacer by far. */
function isPlain(value: unknown, depth: number): boolean {
  switch (typeof value) {
    case 'string':
      if (!value.isWellFormed()) throw new NotJson('holds a lone surrogate, which is not a character');
      return true;
    case 'boolean':
    case 'undefined':
      return true;
    case 'number':
      if (!Number.isFinite(value)) throw new NotJson(`holds ${value}, which is no value: return null`);
      return true;
    case 'bigint':
      return false;
    case 'object':
      return value === null || isPlainObject(value, depth);
    default:
      throw new NotJson(`holds a ${typeof value}`);
  }
}

function isPlainObject(value: object, depth: number): boolean {
  if (depth > DEEPEST) throw new NotJson('is nested too deep, or holds itself');
  let plain = true;
  if (Array.isArray(value)) {
    for (const one of value) plain = isPlain(one, depth + 1) && plain;
    return plain;
  }
  if (value instanceof Date) {
    if (Number.isNaN(value.getTime())) throw new NotJson('holds an invalid Date');
    return true;
  }
  if (value instanceof Map || value instanceof Set || ArrayBuffer.isView(value)) {
    throw new NotJson(`holds a ${value.constructor.name}: return a plain object or array`);
  }
  for (const key of Object.keys(value)) {
    plain = isPlain((value as Record<string, unknown>)[key], depth + 1) && plain;
  }
  return plain;
}

function converted(value: unknown): unknown {
  if (typeof value === 'bigint') return rawJSON(value.toString());
  if (Array.isArray(value)) return value.map(converted);
  if (value === null || typeof value !== 'object' || value instanceof Date) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, converted(one)]));
}
