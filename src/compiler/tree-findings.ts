import { type Document, isScalar, type Node, visit, type YAMLMap } from 'yaml';
import type { Finding, Place } from './finding.ts';

/**
 * Keys that a map has twice. The parser could say it too, but compares each key with all before it: seconds in a map
 * of ten thousand pipelines.
 */
export function duplicateKeys(file: string, document: Document.Parsed): Finding[] {
  const findings: Finding[] = [];
  const look = ({ items }: YAMLMap) => {
    const seen = new Set<unknown>();
    for (const { key } of items) {
      if (!isScalar(key)) continue;
      if (seen.has(key.value)) {
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
  };
  visit(document, { Map: (_, map) => look(map) });
  return findings;
}

/** An alias without its anchor is no error to the parser, only to who asks for the value. */
export function unresolvedAliases(file: string, document: Document.Parsed): Finding[] {
  const findings: Finding[] = [];
  visit(document, {
    Alias: (_, alias) => {
      if (alias.resolve(document) !== undefined) return;
      findings.push({
        name: 'unresolved-alias',
        severity: 'error',
        message: `there is no anchor &${alias.source} above this alias`,
        at: placeOf(file, alias),
        help: `write &${alias.source} where the value is defined, or quote the text if it is not an alias`,
      });
    },
  });
  return findings;
}

/** Half of a character, which only an escape in a text can write: no file, no JSON and no Python could hold it. */
export function loneSurrogates(file: string, document: Document.Parsed): Finding[] {
  const findings: Finding[] = [];
  visit(document, {
    Scalar: (_, scalar) => {
      if (typeof scalar.value !== 'string' || scalar.value.isWellFormed()) return;
      findings.push({
        name: 'lone-surrogate',
        severity: 'error',
        message: 'the text holds a lone surrogate, which is half of a character',
        at: placeOf(file, scalar),
        help: 'write the character itself, or the whole of it as "\\U0001F6EB"',
      });
    },
  });
  return findings;
}

function placeOf(file: string, node: Node): Place {
  const [start = 0, end = start] = node.range ?? [];
  return { file, start, end };
}
