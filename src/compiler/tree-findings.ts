import { type Alias, type Document, isPair, isScalar, type Node, visit, type YAMLMap } from 'yaml';
import type { Finding, Place } from './finding.ts';

/** What only a walk through the tree finds. */
export interface TreeFindings {
  readonly broken: readonly Finding[];
  /** Noise where something else is broken: the anchor may stand in what could not be read. */
  readonly unresolved: readonly Finding[];
}

/** All of them in one walk: a tree of ten thousand pipelines has a million nodes. */
export function treeFindings(file: string, document: Document.Parsed): TreeFindings {
  const broken: Finding[] = [];
  const unresolved: Finding[] = [];
  visit(document, {
    Map: (_, map, path) => {
      broken.push(...duplicateKeys(file, map, isPipelines(path)));
    },
    Scalar: (_, scalar) => {
      if (typeof scalar.value === 'string' && !scalar.value.isWellFormed())
        broken.push(loneSurrogate(file, scalar));
    },
    Alias: (_, alias) => {
      if (alias.resolve(document) === undefined) unresolved.push(unresolvedAlias(file, alias));
    },
  });
  return { broken, unresolved };
}

/**
 * Keys that a map has twice. The parser could say it too, but compares each key with all before it: seconds in a map
 * of ten thousand pipelines.
 */
function duplicateKeys(file: string, { items }: YAMLMap, ofPipelines: boolean): Finding[] {
  const findings: Finding[] = [];
  const seen = new Set<unknown>();
  for (const { key } of items) {
    if (!isScalar(key)) continue;
    if (seen.has(key.value) && ofPipelines) {
      findings.push({
        name: 'duplicate-pipeline',
        severity: 'error',
        message: `there is a pipeline "${String(key.value)}" already`,
        at: placeOf(file, key),
        help: 'rename one of the two, or remove it',
      });
    } else if (seen.has(key.value)) {
      findings.push({
        name: 'duplicate-key',
        severity: 'error',
        message: 'the map has this key already',
        at: placeOf(file, key),
        help: 'remove one of the two: only one can count',
      });
    }
    seen.add(key.value);
  }
  return findings;
}

/** Whether these are the ancestors of the map under the key `pipelines` of the whole. */
function isPipelines(path: readonly unknown[]): boolean {
  const pair = path.at(-1);
  return path.length === 3 && isPair(pair) && isScalar(pair.key) && pair.key.value === 'pipelines';
}

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
