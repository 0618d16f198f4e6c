import type { Place } from './finding.ts';
import {
  entriesAt,
  followed,
  isAliasAt,
  isListAt,
  isShared,
  keyAt,
  type LaidOut,
  type Layout,
  mergedAt,
  spanOf,
} from './layout.ts';

/** Steps from the root of a document: keys of maps and indexes of lists. */
export type Path = readonly PropertyKey[];

/** A parsed spec: its text, where its nodes stand, and its plain value. */
export interface SourceFile {
  readonly file: string;
  readonly text: string;
  readonly layout: Layout;
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
export function textAt(source: SourceFile, place: Place): string {
  return holderOf(source, place)?.text.slice(place.start, place.end) ?? '';
}

/** Whether what is written at a place of any of the files counts at others too, by an alias. */
export function isSharedAt(source: SourceFile, place: Place): boolean {
  const holder = holderOf(source, place);
  return holder !== undefined && isShared(holder.layout, place);
}

function holderOf(source: SourceFile, { file }: Place): SourceFile | undefined {
  return [source, ...(source.owners?.values() ?? [])].find((one) => one.file === file);
}

/**
 * The place of a path in the text; of the deepest step of it that exists, where not all do. Crosses aliases and
 * merge keys. `key` asks for the key rather than the value.
 */
export function locate(source: SourceFile, path: Path, want: 'key' | 'value' = 'value'): Located {
  return locateInFile(fileOf(source, path), path, want);
}

function locateInFile(source: SourceFile, path: Path, want: 'key' | 'value'): Located {
  const { layout } = source;
  let node: LaidOut = 0;
  let place = placeOf(source, node) ?? { file: source.file, start: 0, end: 0 };
  let depth = 0;
  const through: Place[] = [];
  for (const step of path) {
    const found = child(source, node, step);
    if (found === undefined) break;
    depth += 1;
    through.push(...found.through);
    const key = found.key === undefined ? undefined : placeOf(source, found.key);
    const last = depth === path.length;
    const origin = placeOf(source, followed(layout, found.value));
    // Where the value of the anchor is too long to be shown, the alias itself is.
    const isAlias = isAliasAt(layout, found.value);
    const shown = isAlias && last && want === 'value' && short(source, origin) !== undefined;
    const value = shown ? origin : placeOf(source, found.value);
    if (shown) through.push(...placesOf(source, found.value));
    // A value that is absent or spans many lines is shown by its key, which is what a person looks for.
    place = (last && want === 'value' ? (short(source, value) ?? key) : key) ?? value ?? place;
    node = found.value;
  }
  return { depth, place, through };
}

interface Child {
  readonly key?: LaidOut;
  readonly value: LaidOut;
  readonly through: readonly Place[];
}

function child(source: SourceFile, node: LaidOut, step: PropertyKey): Child | undefined {
  const { layout } = source;
  const target = followed(layout, node);
  const through = isAliasAt(layout, node) ? placesOf(source, node) : [];
  if (isListAt(layout, target)) {
    const value = entriesAt(layout, target)[Number(step)];
    return value === undefined ? undefined : { value, through };
  }
  const key = keyAt(layout, target, String(step));
  if (key !== undefined) return { key, value: key + 1, through };
  for (const merged of mergedAt(layout, target)) {
    const found = child(source, merged, step);
    if (found !== undefined) return { ...found, through: [...through, ...found.through] };
  }
  return undefined;
}

function placesOf(source: SourceFile, node: LaidOut): Place[] {
  const place = placeOf(source, node);
  return place === undefined ? [] : [place];
}

function placeOf({ file, layout }: SourceFile, node: LaidOut): Place | undefined {
  const span = spanOf(layout, node);
  return span === undefined ? undefined : { file, ...span };
}

function short(source: SourceFile, place: Place | undefined): Place | undefined {
  if (place === undefined || place.start === place.end) return undefined;
  return source.text.slice(place.start, place.end).includes('\n') ? undefined : place;
}
