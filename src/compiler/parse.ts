import { parseDocument, type YAMLError } from 'yaml';
import type { Finding, Place } from './finding.ts';
import { quotePlaceholder, unquotedPlaceholders } from './fix/quote-placeholder.ts';
import { inKeyOrder } from './key-order.ts';
import type { SourceFile } from './source-file.ts';
import { treeFindings } from './tree-findings.ts';

/** As many aliases as a person writes; an alias bomb has millions. */
const MAX_ALIASES = 1000;

export interface Parsed {
  readonly source?: SourceFile;
  readonly findings: readonly Finding[];
}

/** Text of a spec → its tree with positions. `bytes` are the file's, as they stand. */
export function parse(file: string, bytes: Uint8Array): Parsed {
  const start: Place = { file, start: 0, end: 0 };
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return fail(
      'not-text',
      'the file is not UTF-8 text',
      start,
      'save it as UTF-8, or name another file by --file',
    );
  }
  if (text.includes('\0')) {
    return fail('not-text', 'the file is binary, not YAML', start, 'name another file by --file');
  }
  const document = parseDocument(text, {
    version: '1.2',
    merge: true,
    uniqueKeys: false,
    prettyErrors: false,
  });
  const { broken, unresolved } = treeFindings(file, document);
  const findings = [...syntaxFindings(file, text, document.errors), ...broken];
  if (findings.length === 0) findings.push(...unresolved);
  if (findings.length > 0) return { findings };
  if (document.contents === null) {
    return fail('empty-spec', 'the file has no content', start, 'begin with `version: 1`');
  }
  try {
    const value = inKeyOrder(document.toJS({ maxAliasCount: MAX_ALIASES }));
    return { source: { file, text, document, value }, findings: [] };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return fail('yaml-syntax', message, start, 'use fewer anchors and aliases');
  }
}

function fail(name: string, message: string, at: Place, help: string): Parsed {
  return { findings: [{ name, severity: 'error', message, at, help }] };
}

/** One a line: what follows from the first is noise. */
function syntaxFindings(file: string, text: string, errors: readonly YAMLError[]): Finding[] {
  const lines = new Map<number, Finding>();
  const unquoted = errors.length === 0 ? new Set<number>() : unquotedPlaceholders(text);
  for (const error of errors) {
    const lineStart = text.lastIndexOf('\n', error.pos[0] - 1) + 1;
    if (!lines.has(lineStart)) lines.set(lineStart, syntaxFinding(file, text, lineStart, error, unquoted));
  }
  return [...lines.values()];
}

function syntaxFinding(
  file: string,
  text: string,
  lineStart: number,
  { code, pos, message }: YAMLError,
  unquoted: ReadonlySet<number>,
): Finding {
  const start = Math.min(pos[0], text.length);
  const end = Math.min(Math.max(pos[1], start + 1), text.length);
  const finding = (
    name: string,
    what: string,
    help: string,
    at: [number, number] = [start, end],
  ): Finding => ({
    name,
    severity: 'error',
    message: what,
    at: { file, start: at[0], end: at[1] },
    help,
  });
  if (code === 'MULTIPLE_DOCS') {
    return finding(
      'several-documents',
      'a second document begins here',
      'remove the line: a spec is one document',
    );
  }
  const line = text.slice(lineStart).split('\n', 1)[0] ?? '';
  for (const { index, 0: written } of line.matchAll(/\$\{[^}"']*\}/g)) {
    const from = lineStart + index;
    if (!unquoted.has(from)) continue;
    const to = from + written.length;
    const what = `${written} stands unquoted where braces are YAML's`;
    const fix = quotePlaceholder(file, text, from, to);
    const found = finding('unquoted-placeholder', what, `write "${written}"`, [from, to]);
    return fix === undefined ? found : { ...found, fix };
  }
  return finding('yaml-syntax', sentence(message), 'repair the YAML here');
}

function sentence(message: string): string {
  const first = message.split('\n')[0] ?? message;
  return first.charAt(0).toLowerCase() + first.slice(1);
}
