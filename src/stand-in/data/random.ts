/** Draws numbers from 0 (included) to 1 (excluded). */
export type Random = () => number;

/**
 * The same draws for the same parts, on every machine: FNV-1a of the parts seeds mulberry32.
 * Each fact of a flight has a sequence of its own, so that a status which settles later moves nothing else.
 */
export function randomFrom(...parts: (string | number)[]): Random {
  const text = parts.join('|');
  let state = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    state = Math.imul(state ^ text.charCodeAt(index), 0x01000193);
  }
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A whole number from `least` to `most`, both included. */
export function between(random: Random, least: number, most: number): number {
  return least + Math.floor(random() * (most - least + 1));
}

export function pick<Value>(random: Random, values: readonly Value[]): Value {
  const value = values[Math.floor(random() * values.length)];
  if (value === undefined) throw new Error('nothing to pick from: the list is empty');
  return value;
}
