import { type Alias, isAlias, isMap, isNode, isScalar, isSeq, type Node } from 'yaml';
import type { Place } from './finding.ts';

/**
 * Where the nodes of a document stand and how they lie in each other: what is left of a tree when its value is known.
 * Numbers alone, since a thousand pipelines have a million nodes; they can be kept as they are.
 */
export interface Layout {
  /**
   * Four for each node, in the order of the text: kind, start, end, and by kind: of a key its text in `keys`, of a map
   * or list the node behind it, of an alias the node that it stands for. Children of a map are key, value, key, value.
   */
  readonly numbers: Int32Array;
  readonly keys: readonly string[];
}

/** The number of a node of a layout; 0 is the outermost. */
export type LaidOut = number;

const WIDTH = 4;
const [ABSENT, SCALAR, KEY, MERGE_KEY, MAP, LIST, ALIAS] = [0, 1, 2, 3, 4, 5, 6];

export type Span = Pick<Place, 'start' | 'end'>;

/** @param targets what each alias stands for */
export function layoutOf(contents: Node | null, targets: ReadonlyMap<Alias, Node>): Layout {
  const numbers: number[] = [];
  const keys: string[] = [];
  const known = new Map<string, number>();
  const named = new Set(targets.values());
  const places = new Map<Node, LaidOut>();
  const aliases: [LaidOut, Alias][] = [];
  const add = (node: unknown, isKey = false): void => {
    const here = numbers.length / WIDTH;
    if (!isNode(node)) {
      numbers.push(ABSENT, 0, 0, 0);
      return;
    }
    if (named.has(node)) places.set(node, here);
    const [start = 0, end = start] = node.range ?? [];
    numbers.push(SCALAR, start, Math.max(start, end), 0);
    const tell = (kind: number, more: number) => {
      numbers[here * WIDTH] = kind;
      numbers[here * WIDTH + 3] = more;
    };
    if (isMap(node)) {
      for (const { key, value } of node.items) {
        add(key, true);
        add(value);
      }
      tell(MAP, numbers.length / WIDTH);
    } else if (isSeq(node)) {
      for (const item of node.items) add(item);
      tell(LIST, numbers.length / WIDTH);
    } else if (isAlias(node)) aliases.push([here, node]);
    else if (isKey && isMergeKey(node)) tell(MERGE_KEY, 0);
    else if (isKey && isScalar(node)) {
      const text = String(node.value);
      const index = known.get(text) ?? keys.push(text) - 1;
      known.set(text, index);
      tell(KEY, index);
    }
  };
  add(contents);
  for (const [here, alias] of aliases) {
    const target = targets.get(alias);
    numbers[here * WIDTH] = ALIAS;
    numbers[here * WIDTH + 3] = (target === undefined ? undefined : places.get(target)) ?? here;
  }
  return { numbers: Int32Array.from(numbers), keys };
}

/** Whether something that was kept has the form of a layout. */
export function isLayout(value: unknown): value is Layout {
  if (typeof value !== 'object' || value === null || !('numbers' in value) || !('keys' in value))
    return false;
  const { numbers, keys } = value;
  const isWhole = numbers instanceof Int32Array && numbers.length >= WIDTH && numbers.length % WIDTH === 0;
  return isWhole && Array.isArray(keys) && keys.every((key) => typeof key === 'string');
}

/** The parser gives `<<` a symbol as its value; quoted it is a key like others. */
export function isMergeKey(key: unknown): boolean {
  return isScalar(key) && typeof key.value === 'symbol';
}

/** Undefined where nothing is written, such as the value of a key alone. */
export function spanOf({ numbers }: Layout, node: LaidOut): Span | undefined {
  const first = node * WIDTH;
  return numbers[first] === ABSENT ? undefined : spanAt(numbers, first);
}

export function isAliasAt({ numbers }: Layout, node: LaidOut): boolean {
  return numbers[node * WIDTH] === ALIAS;
}

/** What an alias stands for, and any other node itself. */
export function followed(layout: Layout, node: LaidOut): LaidOut {
  return isAliasAt(layout, node) ? linkOf(layout, node) : node;
}

export function isListAt({ numbers }: Layout, node: LaidOut): boolean {
  return numbers[node * WIDTH] === LIST;
}

/** Entries of a list; none where the node is no list. */
export function entriesAt(layout: Layout, node: LaidOut): LaidOut[] {
  const entries: LaidOut[] = [];
  if (!isListAt(layout, node)) return entries;
  for (let one = node + 1; one < linkOf(layout, node); one = behind(layout, one)) entries.push(one);
  return entries;
}

/** A key of a map; its value is the node behind it. Undefined where the node is no map or has no such key of its own. */
export function keyAt(layout: Layout, node: LaidOut, name: string): LaidOut | undefined {
  const wanted = keyIndex(layout).get(name);
  if (wanted === undefined) return undefined;
  return findKey(layout, node, (kind, link) => kind === KEY && link === wanted)[0];
}

/** What stands behind each `<<` of a map, in the order in which it counts. */
export function mergedAt(layout: Layout, node: LaidOut): LaidOut[] {
  return findKey(layout, node, (kind) => kind === MERGE_KEY).flatMap((key) => {
    const target = followed(layout, key + 1);
    return isListAt(layout, target) ? entriesAt(layout, target) : [key + 1];
  });
}

function findKey(
  layout: Layout,
  node: LaidOut,
  test: (kind: number | undefined, link: number | undefined) => boolean,
): LaidOut[] {
  const { numbers } = layout;
  const found: LaidOut[] = [];
  if (numbers[node * WIDTH] !== MAP) return found;
  const end = linkOf(layout, node);
  for (let key = node + 1; key < end; key = behind(layout, key + 1)) {
    if (test(numbers[key * WIDTH], numbers[key * WIDTH + 3])) found.push(key);
  }
  return found;
}

/** Texts that go over several lines. */
export function longTexts({ numbers }: Layout, text: string): Span[] {
  const found: Span[] = [];
  for (let first = 0; first < numbers.length; first += WIDTH) {
    if (numbers[first] !== SCALAR && numbers[first] !== KEY) continue;
    const span = spanAt(numbers, first);
    if (text.slice(span.start, span.end).includes('\n')) found.push(span);
  }
  return found;
}

/** Whether an alias stands for what is written there, or for something around it. */
export function isShared(layout: Layout, { start, end }: Span): boolean {
  const { numbers } = layout;
  for (let first = 0; first < numbers.length; first += WIDTH) {
    if (numbers[first] !== ALIAS) continue;
    const target = spanAt(numbers, linkOf(layout, first / WIDTH) * WIDTH);
    if (target.start <= start && end <= target.end) return true;
  }
  return false;
}

const indexes = new WeakMap<Layout, ReadonlyMap<string, number>>();

function keyIndex(layout: Layout): ReadonlyMap<string, number> {
  const known = indexes.get(layout) ?? new Map(layout.keys.map((key, index) => [key, index]));
  indexes.set(layout, known);
  return known;
}

/** The node that follows a node and all that is inside of it. */
function behind(layout: Layout, node: LaidOut): LaidOut {
  const kind = layout.numbers[node * WIDTH];
  return kind === MAP || kind === LIST ? linkOf(layout, node) : node + 1;
}

function linkOf({ numbers }: Layout, node: LaidOut): LaidOut {
  return numbers[node * WIDTH + 3] ?? node;
}

function spanAt(numbers: Int32Array, first: number): Span {
  return { start: numbers[first + 1] ?? 0, end: numbers[first + 2] ?? 0 };
}
