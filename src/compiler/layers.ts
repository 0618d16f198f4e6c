import type { Finding, Place } from './finding.ts';
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

/** Where a merged value was written, and by what it came from there to where it is wrong. */
export type Origin = Pick<Finding, 'at' | 'labels'>;

/** The place of a merged value: in the first layer that has it, else the deepest part of it that any has. */
export function originIn(
  source: SourceFile,
  layers: Layers,
  path: Path,
  want: 'key' | 'value' = 'value',
): Origin {
  let best: { located: Located; missing: number; layer: number } | undefined;
  for (const [index, layer] of layers.entries()) {
    const whole = [...layer, ...path];
    const located = locate(source, whole, want);
    const missing = whole.length - located.depth;
    if (best === undefined || missing < best.missing) best = { located, missing, layer: index };
  }
  const { place, through } = best?.located ?? locate(source, path, want);
  const labels = through.map((alias) => ({ at: alias, text: 'pulled in here' }));
  if (best?.missing === 0) labels.push(...layerLabels(source, layers, best.layer));
  const others = labels.filter((label) => !isSame(label.at, place));
  return { at: place, ...(others.length === 0 ? {} : { labels: others }) };
}

/** Only the place of `originIn`. */
export function locateIn(
  source: SourceFile,
  layers: Layers,
  path: Path,
  want: 'key' | 'value' = 'value',
): Place {
  return originIn(source, layers, path, want).at;
}

/** Who takes values from a layer that lies below others, or lays one over them. */
function layerLabels(source: SourceFile, layers: Layers, index: number): { at: Place; text: string }[] {
  const [section, , word] = layers[index] ?? [];
  const pipeline = layers.find(([first]) => first === 'pipelines');
  if (section === 'defaults' && pipeline !== undefined) {
    return [{ at: locate(source, pipeline, 'key').place, text: 'taken by this pipeline' }];
  }
  if (section !== 'environments') return [];
  if (word === 'overrides' && pipeline !== undefined) {
    return [{ at: locate(source, pipeline, 'key').place, text: 'laid over this pipeline' }];
  }
  // From what is extended upwards to the environment in which it is wrong.
  return layers
    .slice(0, index)
    .reverse()
    .map((above) => ({ at: locate(source, [...above, 'extends']).place, text: 'extended here' }));
}

function isSame(a: Place, b: Place): boolean {
  return a.file === b.file && a.start === b.start && a.end === b.end;
}
