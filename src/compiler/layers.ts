import type { Place } from './finding.ts';
import { type Located, locate, type Path, type SourceFile } from './source-file.ts';

/** One of the places a merged value comes from: a path in the spec. The first layer wins. */
export type Layers = readonly Path[];

export function isMapping(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

/** Maps are merged key by key, all else is replaced; a null on top takes the key away. */
export function merge(base: unknown, over: unknown): unknown {
  if (!isMapping(base) || !isMapping(over)) return over;
  const merged = new Map(Object.entries(base));
  for (const [key, value] of Object.entries(over)) {
    if (value === null) merged.delete(key);
    else merged.set(key, merged.has(key) ? merge(merged.get(key), value) : value);
  }
  return Object.fromEntries(merged);
}

/** What stands at a path of a plain value. */
export function at(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((one, step) => {
    if (Array.isArray(one)) return one[Number(step)];
    return isMapping(one) && Object.hasOwn(one, step) ? one[String(step)] : undefined;
  }, value);
}

/** The place of a merged value: in the first layer that has it, else the deepest part of it that any has. */
export function locateIn(
  source: SourceFile,
  layers: Layers,
  path: Path,
  want: 'key' | 'value' = 'value',
): Place {
  let best: { located: Located; missing: number } | undefined;
  for (const layer of layers) {
    const whole = [...layer, ...path];
    const located = locate(source, whole, want);
    const missing = whole.length - located.depth;
    if (best === undefined || missing < best.missing) best = { located, missing };
  }
  return (best?.located ?? locate(source, path, want)).place;
}
