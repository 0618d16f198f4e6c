import { type Document, isAlias, isMap, isNode, isPair, isScalar, isSeq, type Node, type Pair } from 'yaml';
import type { Place } from './finding.ts';

/** Steps from the root of a document: keys of maps and indexes of lists. */
export type Path = readonly PropertyKey[];

/** A parsed spec: its text, its tree with positions, and its plain value. */
export interface SourceFile {
  readonly file: string;
  readonly text: string;
  readonly document: Document.Parsed;
  readonly value: unknown;
}

export interface Located {
  /** How many steps of the path exist in the text. */
  readonly depth: number;
  readonly place: Place;
}

/**
 * The place of a path in the text; of the deepest step of it that exists, where not all do. Crosses aliases and
 * merge keys. `key` asks for the key rather than the value.
 */
export function locate(source: SourceFile, path: Path, want: 'key' | 'value' = 'value'): Located {
  let node: Node | null = source.document.contents;
  let place = rangeOf(source, node) ?? { file: source.file, start: 0, end: 0 };
  let depth = 0;
  for (const step of path) {
    const found = child(source, node, step);
    if (found === undefined) break;
    depth += 1;
    const key = found.key === undefined ? undefined : rangeOf(source, found.key);
    const value = rangeOf(source, found.value);
    const last = depth === path.length;
    // A value that is absent or spans many lines is shown by its key, which is what a person looks for.
    place = (last && want === 'value' ? (short(source, value) ?? key) : key) ?? value ?? place;
    node = found.value;
  }
  return { depth, place };
}

function child(
  source: SourceFile,
  node: Node | null,
  step: PropertyKey,
): { key?: Node; value: Node | null } | undefined {
  const target = isAlias(node) ? (node.resolve(source.document) ?? null) : node;
  if (isSeq(target)) {
    const item = target.items[Number(step)];
    return item === undefined ? undefined : { value: isNode(item) ? item : null };
  }
  if (!isMap(target)) return undefined;
  for (const pair of target.items) {
    if (keyText(pair) === String(step)) {
      return {
        ...(isNode(pair.key) ? { key: pair.key } : {}),
        value: isNode(pair.value) ? pair.value : null,
      };
    }
  }
  for (const pair of target.items) {
    if (keyText(pair) !== '<<' || !isNode(pair.value)) continue;
    const merged = isSeq(pair.value) ? pair.value.items : [pair.value];
    for (const one of merged) {
      const found = isNode(one) ? child(source, one, step) : undefined;
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

function keyText(pair: Pair): string | undefined {
  if (!isPair(pair)) return undefined;
  return isScalar(pair.key) ? String(pair.key.value) : undefined;
}

function rangeOf(source: SourceFile, node: Node | null | undefined): Place | undefined {
  if (!node?.range) return undefined;
  const [start, end] = node.range;
  return { file: source.file, start, end: Math.max(start, end) };
}

function short(source: SourceFile, place: Place | undefined): Place | undefined {
  if (place === undefined || place.start === place.end) return undefined;
  return source.text.slice(place.start, place.end).includes('\n') ? undefined : place;
}
