import { type Document, parseDocument } from 'yaml';
import { aliasFindings } from './aliases.ts';
import type { Finding, Place } from './finding.ts';
import { inKeyOrder } from './key-order.ts';
import { layoutOf } from './layout.ts';
import type { SourceFile } from './source-file.ts';
import { syntaxFindings } from './syntax-findings.ts';
import { treeFindings } from './tree-findings.ts';

export interface Parsed {
  readonly source?: SourceFile;
  readonly findings: readonly Finding[];
}

/** What a sound file says, wherever it lies: its plain value, and where its nodes stand. */
export type Tree = Pick<SourceFile, 'value' | 'layout'>;

/** Trees of files by their bytes, from before. */
export interface KnownTrees {
  read(bytes: Uint8Array): Tree | undefined;
  write(bytes: Uint8Array, tree: Tree): void;
}

/**
 * Text of a spec → its value and where its nodes stand.
 * @param bytes the file's, as they stand
 * @param known asked before, and told of what is parsed: only of files of which there is nothing to say
 */
export function parse(file: string, bytes: Uint8Array, known?: KnownTrees): Parsed {
  const start: Place = { file, start: 0, end: 0 };
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    const help = 'save it as UTF-8, or name another file by --file';
    const what = isUtf16(bytes) ? 'UTF-16 text, not UTF-8' : 'not UTF-8 text';
    return fail('not-text', `the file is ${what}`, start, help);
  }
  if (text.includes('\0')) {
    return fail('not-text', 'the file is binary, not YAML', start, 'name another file by --file');
  }
  const tree = known?.read(bytes);
  if (tree !== undefined) return { source: { file, text, ...tree }, findings: [] };
  try {
    const parsed = parseText(file, text);
    const { source, findings } = parsed;
    if (source !== undefined && findings.length === 0) {
      known?.write(bytes, { value: source.value, layout: source.layout });
    }
    return parsed;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return fail('nested-too-deeply', 'the file is nested too deeply to be read', start, 'remove some levels');
  }
}

function parseText(file: string, text: string): Parsed {
  const document = parseDocument(text, {
    version: '1.2',
    merge: true,
    uniqueKeys: false,
    prettyErrors: false,
  });
  // Brackets in brackets, thousands deep: the parser tells of its full stack as of an error in the text.
  if (document.errors.some(({ message }) => message.includes('call stack'))) throw new RangeError('nested');
  const { broken, numbers, unresolved, targets } = treeFindings(file, document);
  const findings = [
    ...directiveFindings(file, text, document),
    ...syntaxFindings(file, text, document),
    ...broken,
  ];
  if (findings.length === 0) findings.push(...unresolved);
  if (findings.length === 0) findings.push(...aliasFindings(file, document.contents, targets));
  if (findings.length > 0) return { findings };
  if (document.contents === null) {
    return fail(
      'empty-spec',
      'the file has no content',
      { file, start: 0, end: 0 },
      'begin with `version: 1`',
    );
  }
  const value = inKeyOrder(document.toJS({ maxAliasCount: -1 }));
  const layout = layoutOf(document.contents, targets);
  return { source: { file, text, layout, value }, findings: numbers };
}

/** With another version of YAML `no` would be false and 010 eight. */
function directiveFindings(file: string, text: string, document: Document.Parsed): Finding[] {
  const directive = /^%YAML[^\r\n]*/m.exec(text);
  if (directive === null || document.directives.yaml.version === '1.2') return [];
  const at = { file, start: directive.index, end: directive.index + directive[0].length };
  const message = `the file says that it is YAML ${document.directives.yaml.version}`;
  return [
    { name: 'yaml-version', severity: 'error', message, at, help: 'remove the line: a spec is YAML 1.2' },
  ];
}

function isUtf16([first, second]: Uint8Array): boolean {
  return (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
}

function fail(name: string, message: string, at: Place, help: string): Parsed {
  return { findings: [{ name, severity: 'error', message, at, help }] };
}
