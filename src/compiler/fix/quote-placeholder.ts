import { Lexer } from 'yaml';
import type { Finding } from '../finding.ts';

/**
 * The fix of a `${…}` that stands unquoted in `{}` or `[]`; undefined where quotes would not make it a text of its
 * own: as a key, or with something more before the next comma.
 * @param start offset of the `$`
 * @param end behind the `}`
 */
export function quotePlaceholder(file: string, text: string, start: number, end: number): Finding['fix'] {
  if (!/^(?:[ \t]*(?:[,}\]\r\n]|$)|[ \t]+#)/.test(text.slice(end, end + 80))) return undefined;
  return {
    title: 'put it in quotes',
    edits: [{ at: { file, start, end }, text: `"${text.slice(start, end)}"` }],
  };
}

/**
 * Where YAML reads a `$` without quotes and a map behind it: not in a comment, nor in a text that has quotes.
 * @returns offsets of the `$`
 */
export function unquotedPlaceholders(text: string): ReadonlySet<number> {
  const found = new Set<number>();
  // The lexer leaves a BOM out, and sends marks of its own that are not in the text.
  let offset = text.startsWith('\uFEFF') ? 1 : 0;
  let dollar: number | undefined;
  for (const token of new Lexer().lex(text.slice(offset))) {
    if (MARKS.has(token)) continue;
    if (token === '{' && dollar !== undefined) found.add(dollar);
    dollar = token === '$' ? offset : undefined;
    offset += token.length;
  }
  return found;
}

/** https://github.com/eemeli/yaml/blob/main/src/parse/cst.ts: document, end of a flow, scalar. */
const MARKS: ReadonlySet<string> = new Set(['\u0002', '\u0018', '\u001f']);
