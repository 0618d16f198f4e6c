import { Lexer } from 'yaml';
import type { Finding } from './finding.ts';

/** The rest of a value that holds placeholders, up to what ends it in braces and brackets. */
const VALUE = /(?:[^,"'{}[\]\\#\n]*\$\{[^{}"'\\\n]*\})+(?:(?!:(?:[\s,}\]]|$))[^,"'{}[\]\\#\n])*/y;

/** Marks of the lexer that are not in the text: document, end of a flow, scalar (yaml, src/parse/cst.ts). */
const MARKS: ReadonlySet<string> = new Set(['\u0002', '\u0018', '\u001f']);

/**
 * Values in `{}` and `[]` with a `${…}` and without quotes: YAML reads the `$` as a text and a map behind it. In such
 * a file nothing else is certain, so all of them are found at once.
 */
export function unquotedPlaceholders(file: string, text: string): Finding[] {
  const findings: Finding[] = [];
  // The lexer leaves a BOM out.
  let offset = text.startsWith('\uFEFF') ? 1 : 0;
  let end = 0;
  let scalar: { start: number; text: string } | undefined;
  for (const token of new Lexer().lex(text.slice(offset))) {
    if (MARKS.has(token)) continue;
    if (token === '{' && scalar?.text.endsWith('$') && scalar.start >= end) {
      VALUE.lastIndex = scalar.start;
      const value = VALUE.exec(text)?.[0].trimEnd();
      if (value !== undefined) {
        end = scalar.start + value.length;
        findings.push(finding(file, scalar.start, value));
      }
    }
    scalar = { start: offset, text: token };
    offset += token.length;
  }
  return findings;
}

function finding(file: string, start: number, value: string): Finding {
  const at = { file, start, end: start + value.length };
  return {
    name: 'unquoted-placeholder',
    severity: 'error',
    message: `${value} stands unquoted where braces are YAML's`,
    at,
    help: `write "${value}"`,
    fix: { title: 'put it in quotes', edits: [{ at, text: `"${value}"` }] },
  };
}
