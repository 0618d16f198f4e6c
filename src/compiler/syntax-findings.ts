import { type Document, isScalar, type Scalar, visit, type YAMLError } from 'yaml';
import type { Finding } from './finding.ts';
import { unquotedPlaceholders } from './unquoted-placeholders.ts';

/** What the YAML parser can't read, in the words of who wrote it. One a line: what follows from the first is noise. */
export function syntaxFindings(file: string, text: string, document: Document.Parsed): Finding[] {
  if (document.errors.length === 0) return [];
  const unquoted = unquotedPlaceholders(file, text);
  const [first] = unquoted;
  const lines = new Map<number, Finding>();
  for (const error of document.errors) {
    const lineStart = text.lastIndexOf('\n', error.pos[0] - 1) + 1;
    if (lines.has(lineStart) || (lines.size > 0 && / in YAML stream/.test(error.message))) continue;
    const found = syntaxFinding(file, text, error, document);
    // From there on the parser does not know any more where it is.
    if (first !== undefined && found.at.end > first.at.start) break;
    lines.set(lineStart, found);
    if (found.name === 'unbalanced-quotes' && found.at.start < error.pos[0]) break;
  }
  return [...lines.values(), ...unquoted];
}

function syntaxFinding(
  file: string,
  text: string,
  { code, pos, message }: YAMLError,
  document: Document.Parsed,
): Finding {
  const start = Math.min(pos[0], text.length);
  const end = Math.min(Math.max(pos[1], start + 1), text.length);
  const finding = (name: string, what: string, help: string, from = start, to = end): Finding => ({
    name,
    severity: 'error',
    message: what,
    at: { file, start: from, end: to },
    help,
  });
  if (code === 'MULTIPLE_DOCS') {
    const help = 'remove the line: a spec is one document';
    return finding('several-documents', 'a second document begins here', help);
  }
  const tab = tabBefore(text, start);
  if (code === 'TAB_AS_INDENT' || tab !== undefined) {
    const help = 'use spaces: YAML takes no tabs there';
    return finding('tab-indentation', 'the line is indented by a tab', help, tab, tab && tab + 1);
  }
  const quoted = quotedBefore(document, start);
  const [from = 0, to = 0] = quoted?.range ?? [];
  const mark = text.charAt(from);
  if (
    quoted !== undefined &&
    (/^Missing closing ["']quote/.test(message) || isOpenOver(text, from, to, code))
  ) {
    const line = text.slice(from).search(/\r?\n|$/);
    const what = `the ${mark} that begins this text is not closed on its line`;
    return finding('unbalanced-quotes', what, `end the text with ${mark}`, from, from + line);
  }
  if (quoted !== undefined && code === 'UNEXPECTED_TOKEN' && text.slice(to, start).trim() === '') {
    const help =
      mark === "'"
        ? "write '' for a ' inside the text, or put the whole of it in double quotes"
        : 'write \\" for a " inside the text, or put the whole of it in single quotes';
    return finding('unbalanced-quotes', `the text goes on after its closing ${mark}`, help);
  }
  return finding('yaml-syntax', sentence(message), HELP[code] ?? 'repair the YAML here');
}

const HELP: Partial<Record<YAMLError['code'], string>> = {
  BAD_DQ_ESCAPE: 'write \\\\ for a backslash, or put the text in single quotes',
  BAD_SCALAR_START: 'put the text in quotes',
  BLOCK_AS_IMPLICIT_KEY: 'put the text in quotes if ": " belongs to it, else begin a new line',
  BAD_ALIAS: 'write the name of the anchor, or put the text in quotes',
};

/** The tab in the indentation of a line at whose beginning the parser stopped; it then speaks of too little of it. */
function tabBefore(text: string, offset: number): number | undefined {
  const line = text.lastIndexOf('\n', offset - 1) + 1;
  const blanks = /[ \t]*/y;
  blanks.lastIndex = line;
  const [indentation = ''] = blanks.exec(text) ?? [];
  const tab = indentation.indexOf('\t');
  return tab < 0 || offset > line + indentation.length ? undefined : line + tab;
}

/** A text that went on to a quote of a later line, because its own was forgotten. */
function isOpenOver(text: string, from: number, to: number, code: string): boolean {
  return code === 'UNEXPECTED_TOKEN' && text.slice(from, to).includes('\n');
}

/** The last text in quotes that begins before an offset. */
function quotedBefore(document: Document.Parsed, offset: number): Scalar | undefined {
  let last: Scalar | undefined;
  visit(document, {
    Scalar: (_, scalar) => {
      const isQuoted = scalar.type === 'QUOTE_DOUBLE' || scalar.type === 'QUOTE_SINGLE';
      const start = scalar.range?.[0] ?? offset;
      if (isQuoted && start < offset && start >= (last?.range?.[0] ?? 0)) last = scalar;
    },
  });
  return isScalar(last) ? last : undefined;
}

function sentence(message: string): string {
  const first = message.split('\n')[0] ?? message;
  return first.charAt(0).toLowerCase() + first.slice(1);
}
