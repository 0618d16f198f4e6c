import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  type Node,
  type Scalar,
  type YAMLMap,
} from 'yaml';
import type { Finding, Place } from './finding.ts';
import { isMergeKey } from './layout.ts';
import { losesDigits } from './scalar-traps.ts';

/** What only a walk through the tree finds. */
export interface TreeFindings {
  readonly broken: readonly Finding[];
  /** Numbers that are not what is written; the tree can be used all the same. */
  readonly numbers: readonly Finding[];
  /** Noise where something else is broken: the anchor may stand in what could not be read. */
  readonly unresolved: readonly Finding[];
  /** What each alias stands for, in the order of the text; the parser would look through the whole tree for each. */
  readonly targets: ReadonlyMap<Alias, Node>;
}

/** All of them in one walk: a tree of ten thousand pipelines has a million nodes. */
export function treeFindings(file: string, { contents }: Document.Parsed): TreeFindings {
  const broken: Finding[] = [];
  const numbers: Finding[] = [];
  const unresolved: Finding[] = [];
  const anchors = new Map<string, { readonly first: Node; readonly last: Node }>();
  const targets = new Map<Alias, Node>();
  const merges: YAMLMap[] = [];
  const walk = (node: unknown, ofPipelines = false): void => {
    if (isAlias(node)) {
      const target = anchors.get(node.source)?.last;
      if (target === undefined) unresolved.push(unresolvedAlias(file, node));
      else targets.set(node, target);
    }
    if (isAlias(node) || !isNode(node)) return;
    broken.push(...tagFindings(file, node), ...anchorFindings(file, node, anchors));
    if (isMap(node)) {
      broken.push(...keyFindings(file, node, ofPipelines));
      for (const { key, value } of node.items) {
        walk(key);
        walk(value, node === contents && isScalar(key) && key.value === 'pipelines');
        if (isMergeKey(key)) merges.push(node);
      }
    } else if (isSeq(node)) {
      for (const item of node.items) walk(item);
    } else if (isScalar(node)) {
      numbers.push(...numberFindings(file, node));
      if (typeof node.value === 'string' && !node.value.isWellFormed())
        broken.push(loneSurrogate(file, node));
    }
  };
  walk(contents);
  broken.push(...[...new Set(merges)].flatMap((map) => mergeFindings(file, map, targets)));
  return { broken, numbers, unresolved, targets };
}

/**
 * Keys that can be none, and those that a map has twice. The parser could say it too, but compares each key with all
 * before it: seconds in a map of ten thousand pipelines.
 */
function keyFindings(file: string, { items }: YAMLMap, ofPipelines: boolean): Finding[] {
  const findings: Finding[] = [];
  const seen = new Map<string, Node>();
  for (const { key } of items as { key: unknown }[]) {
    if (!isNode(key)) continue;
    if (!isScalar(key) || key.value === null) {
      const help = 'write a name before the colon, or put it in quotes';
      findings.push(error(file, key, 'key-not-text', 'a key must be text', help));
      continue;
    }
    const text = String(key.value);
    if (text === '__proto__') {
      const message = '"__proto__" can be no key: JavaScript gives it a meaning of its own';
      findings.push(error(file, key, 'reserved-key', message, 'choose another name'));
    }
    const first = seen.get(text);
    if (first === undefined) seen.set(text, key);
    else {
      const found = ofPipelines
        ? error(file, key, 'duplicate-pipeline', `there is a pipeline "${text}" already`, RENAME)
        : error(file, key, 'duplicate-key', 'the map has this key already', REMOVE);
      findings.push({ ...found, labels: [{ at: placeOf(file, first), text: 'the other one' }] });
    }
  }
  return findings;
}

/** `<<` takes maps and nothing else; the parser says so only when asked for the value, and not where. */
function mergeFindings(file: string, map: YAMLMap, targets: TreeFindings['targets']): Finding[] {
  const { items } = map;
  // Of an alias without its anchor another finding speaks.
  const followed = (one: unknown) => (isAlias(one) ? (targets.get(one) ?? map) : one);
  return items.flatMap(({ key, value }) => {
    if (!isMergeKey(key)) return [];
    const target = followed(value);
    const sources = isSeq(target) ? target.items : [target];
    if (sources.every((one) => isMap(followed(one)))) return [];
    const help = 'name a map by its anchor, as <<: *base, or several as <<: [*base, *more]';
    return [
      error(
        file,
        isNode(value) ? value : isNode(key) ? key : map,
        'merge-of-no-map',
        '<< takes a map, and this is none',
        help,
      ),
    ];
  });
}

/** Those of JSON: another one would make a value that no field of a spec can be. */
const TAGS: ReadonlySet<string> = new Set(
  ['str', 'int', 'float', 'bool', 'null', 'map', 'seq'].map((name) => `tag:yaml.org,2002:${name}`),
);

function tagFindings(file: string, node: Node): Finding[] {
  const { tag } = node as { tag?: string };
  if (tag === undefined || TAGS.has(tag)) return [];
  const short = tag.replace('tag:yaml.org,2002:', '!!');
  return [error(file, node, 'unknown-tag', `the tag ${short} has no meaning here`, 'remove it')];
}

/** YAML would let the later of two anchors win from there on, which nobody sees at the alias. */
function anchorFindings(
  file: string,
  node: Node,
  anchors: Map<string, { readonly first: Node; readonly last: Node }>,
): Finding[] {
  const { anchor } = node as { anchor?: string };
  if (anchor === undefined) return [];
  const first = anchors.get(anchor)?.first;
  anchors.set(anchor, { first: first ?? node, last: node });
  if (first === undefined) return [];
  const found = error(
    file,
    node,
    'duplicate-anchor',
    `the anchor &${anchor} is there already`,
    'choose another name for it',
  );
  return [{ ...found, labels: [{ at: placeOf(file, first), text: 'the other one' }] }];
}

function numberFindings(file: string, scalar: Scalar): Finding[] {
  const { value, source } = scalar;
  if (typeof value !== 'number' || source === undefined || scalar.type !== 'PLAIN') return [];
  if (losesDigits(source, value)) {
    const message = `YAML reads ${source} as the number ${value}: a number holds some 15 digits`;
    return [error(file, scalar, 'lost-digits', message, `write "${source}", or fewer digits`)];
  }
  if (!/^[-+]?0[0-9]/.test(source)) return [];
  const message = `YAML reads ${source} as the number ${value}: the zero before it is lost`;
  const help = `write "${source}" for the text, ${value} for the number`;
  return [{ ...error(file, scalar, 'leading-zero', message, help), severity: 'warning' }];
}

function error(file: string, node: Node, name: string, message: string, help: string): Finding {
  return { name, severity: 'error', message, at: placeOf(file, node), help };
}

const RENAME = 'rename one of the two, or remove it';
const REMOVE = 'remove one of the two: only one can count';

/** An alias without its anchor is no error to the parser, only to who asks for the value. */
function unresolvedAlias(file: string, alias: Alias): Finding {
  return {
    name: 'unresolved-alias',
    severity: 'error',
    message: `there is no anchor &${alias.source} above this alias`,
    at: placeOf(file, alias),
    help: `write &${alias.source} where the value is defined, or quote the text if it is not an alias`,
  };
}

/** Half of a character, which only an escape in a text can write: no file, no JSON and no Python could hold it. */
function loneSurrogate(file: string, scalar: Node): Finding {
  return {
    name: 'lone-surrogate',
    severity: 'error',
    message: 'the text holds a lone surrogate, which is half of a character',
    at: placeOf(file, scalar),
    help: 'write the character itself, or the whole of it as "\\U0001F6EB"',
  };
}

function placeOf(file: string, node: Node): Place {
  const [start = 0, end = start] = node.range ?? [];
  return { file, start, end };
}
