import { type Document, isAlias, isMap, isNode, isScalar, isSeq, type Node, type Pair } from 'yaml';
import type { Place } from './finding.ts';

/** Steps from the root of a document: keys of maps and indexes of lists. */
export type Path = readonly PropertyKey[];

/** A parsed spec: its text, its tree with positions, and its plain value. */
export interface SourceFile {
  readonly file: string;
  readonly text: string;
  readonly document: Document.Parsed;
  readonly value: unknown;
  /** Of a file that another includes: relative to the folder of the spec, with `/`. */
  readonly path?: string;
  /** Of the root: which file holds a section, and by `ownerKey` which a name in it. `value` is that of all together. */
  readonly owners?: ReadonlyMap<string, SourceFile>;
}

export interface Located {
  /** How many steps of the path exist in the text. */
  readonly depth: number;
  readonly place: Place;
  /** The aliases by which the value came to stand where the path leads, those of merge keys included. */
  readonly through: readonly Place[];
}

export function ownerKey(section: string, name: string): string {
  return `${section}\n${name}`;
}

/** The file in which a path of the spec stands; the root where it stands in none. */
export function fileOf(source: SourceFile, [section, name]: Path): SourceFile {
  const ofName = source.owners?.get(ownerKey(String(section), String(name)));
  return ofName ?? source.owners?.get(String(section)) ?? source;
}

/** What is written at a place of any of the files. */
export function textAt(source: SourceFile, { file, start, end }: Place): string {
  const owner = [source, ...(source.owners?.values() ?? [])].find((one) => one.file === file);
  return owner?.text.slice(start, end) ?? '';
}

/**
 * The place of a path in the text; of the deepest step of it that exists, where not all do. Crosses aliases and
 * merge keys. `key` asks for the key rather than the value.
 */
export function locate(source: SourceFile, path: Path, want: 'key' | 'value' = 'value'): Located {
  return locateInFile(fileOf(source, path), path, want);
}

function locateInFile(source: SourceFile, path: Path, want: 'key' | 'value'): Located {
  let node: Node | null = source.document.contents;
  let place = rangeOf(source, node) ?? { file: source.file, start: 0, end: 0 };
  let depth = 0;
  const through: Place[] = [];
  for (const step of path) {
    const found = child(source, node, step);
    if (found === undefined) break;
    depth += 1;
    through.push(...found.through);
    const key = found.key === undefined ? undefined : rangeOf(source, found.key);
    const last = depth === path.length;
    const origin = rangeOf(source, followed(source, found.value));
    // Where the value of the anchor is too long to be shown, the alias itself is.
    const shown = isAlias(found.value) && last && want === 'value' && short(source, origin) !== undefined;
    const value = shown ? origin : rangeOf(source, found.value);
    if (shown) through.push(...placesOf(source, found.value));
    // A value that is absent or spans many lines is shown by its key, which is what a person looks for.
    place = (last && want === 'value' ? (short(source, value) ?? key) : key) ?? value ?? place;
    node = found.value;
  }
  return { depth, place, through };
}

interface Child {
  readonly key?: Node;
  readonly value: Node | null;
  readonly through: readonly Place[];
}

function child(source: SourceFile, node: Node | null, step: PropertyKey): Child | undefined {
  const target = followed(source, node);
  const through = isAlias(node) ? placesOf(source, node) : [];
  if (isSeq(target)) {
    const item = target.items[Number(step)];
    return item === undefined ? undefined : { value: isNode(item) ? item : null, through };
  }
  if (!isMap(target)) return undefined;
  for (const pair of target.items) {
    if (keyText(pair) === String(step)) {
      return {
        ...(isNode(pair.key) ? { key: pair.key } : {}),
        value: isNode(pair.value) ? pair.value : null,
        through,
      };
    }
  }
  for (const pair of target.items) {
    if (!isMergeKey(pair.key) || !isNode(pair.value)) continue;
    const list = followed(source, pair.value);
    const merged = isSeq(list) ? list.items : [pair.value];
    for (const one of merged) {
      const found = isNode(one) ? child(source, one, step) : undefined;
      if (found !== undefined) return { ...found, through: [...through, ...found.through] };
    }
  }
  return undefined;
}

/** What an alias stands for, and any other node itself. */
function followed(source: SourceFile, node: Node | null): Node | null {
  return isAlias(node) ? (node.resolve(source.document) ?? null) : node;
}

function placesOf(source: SourceFile, node: Node | null): Place[] {
  const place = rangeOf(source, node);
  return place === undefined ? [] : [place];
}

function keyText(pair: Pair): string | undefined {
  return isScalar(pair.key) && !isMergeKey(pair.key) ? String(pair.key.value) : undefined;
}

/** The parser gives `<<` a symbol as its value; quoted it is a key like others. */
export function isMergeKey(key: unknown): boolean {
  return isScalar(key) && typeof key.value === 'symbol';
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
