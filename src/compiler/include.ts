import { posix } from 'node:path';
import { spec } from '../spec/spec.ts';
import type { Finding } from './finding.ts';
import { at, isMapping } from './layers.ts';
import { type KnownTrees, parse } from './parse.ts';
import { locate, ownerKey, type SourceFile } from './source-file.ts';
import { zodFindings } from './zod-findings.ts';

/** A file that a pattern names. */
export interface IncludedFile {
  /** Relative to the folder of the spec, with `/`. */
  readonly path: string;
  readonly content: Uint8Array | 'outside' | 'unreadable';
}

/** The files that a pattern such as `pipelines/*.yaml` names, from the folder of the spec; in any order. */
export type ReadIncluded = (pattern: string) => readonly IncludedFile[];

/** The maps whose entries may stand in any of the files. */
const SECTIONS = ['policy', 'secrets', 'sources', 'environments', 'defaults', 'pipelines'] as const;

const ofOneFile = spec.partial();

export interface WithIncluded {
  /** The root, whose value is that of all files together that could be read. */
  readonly source: SourceFile;
  /** Whether that is all of them. */
  readonly complete: boolean;
  /** Each file that was read, the root first. */
  readonly files: readonly SourceFile[];
  readonly findings: readonly Finding[];
  /** Text of each file that was read, under the name that findings print. */
  readonly texts: ReadonlyMap<string, string>;
}

/** Follows `include` from the root, file by file, and joins what they hold. */
export function readWithIncluded(
  root: SourceFile,
  readIncluded: ReadIncluded,
  known?: KnownTrees,
): WithIncluded {
  const findings: Finding[] = [];
  const files: SourceFile[] = [root];
  const texts = new Map([[root.file, root.text]]);
  const seen = new Set([posix.basename(root.file.replaceAll('\\', '/'))]);
  let broken = false;
  const fail = (source: SourceFile, index: number, name: string, message: string, help: string) => {
    const { place } = locate(source, ['include', index]);
    findings.push({ name, severity: 'error', message, at: place, help });
    broken = true;
  };

  const follow = (source: SourceFile, path: string, above: readonly string[]): void => {
    for (const [index, written] of patternsOf(source).entries()) {
      const pattern = posix.join(posix.dirname(path), written);
      if (posix.isAbsolute(written) || /^[A-Za-z]:|\\/.test(written) || /^\.\.(\/|$)/.test(pattern)) {
        const message = `"${written}" leads out of the folder of the spec`;
        fail(source, index, 'include-outside', message, 'name files below it, with / between folders');
        continue;
      }
      const found = [...readIncluded(pattern)].sort((a, b) => (a.path < b.path ? -1 : 1));
      if (found.length === 0) {
        fail(source, index, 'unmatched-include', `no file matches "${written}"`, 'correct or remove it');
      }
      for (const { path: one, content } of found) {
        if (above.includes(one)) {
          const message = `"${one}" includes itself${one === path ? '' : ` by way of "${path}"`}`;
          fail(source, index, 'include-cycle', message, 'choose a pattern that leaves it out');
        } else if (content === 'outside') {
          const message = `"${one}" is a link that leads out of the folder of the spec`;
          fail(source, index, 'include-outside', message, 'put the file itself there');
        } else if (content === 'unreadable') {
          const message = `the file "${one}" can’t be read`;
          fail(source, index, 'unreadable-include', message, 'let it be a file that you may read');
        } else if (!seen.has(one)) {
          seen.add(one);
          const file = beside(root.file, one);
          texts.set(file, decode(content));
          const parsed = parse(file, content, known);
          findings.push(...parsed.findings);
          if (parsed.source === undefined) broken = true;
          else {
            files.push({ ...parsed.source, path: one });
            follow(parsed.source, one, [...above, one]);
          }
        }
      }
    }
  };
  const name = posix.basename(root.file.replaceAll('\\', '/'));
  follow(root, name, [name]);
  findings.push(...files.slice(1).flatMap(shapeFindings), ...twice(files));
  const source = files.length === 1 ? root : { ...root, value: join(files), owners: ownersIn(files) };
  return { source, complete: !broken, files, findings, texts };
}

/** Text to be shown, of whatever bytes; offsets count its units. */
export function decode(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}

function patternsOf({ value }: SourceFile): string[] {
  const include = at(value, ['include']);
  return Array.isArray(include) ? include.filter((one) => typeof one === 'string' && one !== '') : [];
}

/** The name of an included file as findings print it. */
function beside(root: string, path: string): string {
  const folder = root.replace(/[^/\\]*$/, '');
  return `${folder}${path}`;
}

/** What is wrong with the outer form of a file by itself; the whole is looked at when it is joined. */
function shapeFindings(file: SourceFile): Finding[] {
  const parsed = ofOneFile.safeParse(file.value);
  return parsed.success ? [] : zodFindings(file, [[]], ofOneFile, file.value, parsed.error.issues);
}

/** Names that stand in two files: none of the two can be meant to win. */
function twice(files: readonly SourceFile[]): Finding[] {
  const findings: Finding[] = [];
  for (const section of SECTIONS) {
    const owners = new Map<string, SourceFile>();
    for (const file of files) {
      for (const name of Object.keys(entries(file, section))) {
        const owner = owners.get(name);
        owners.set(name, owner ?? file);
        if (owner === undefined) continue;
        findings.push({
          name: section === 'pipelines' ? 'duplicate-pipeline' : 'duplicate-name',
          severity: 'error',
          message: `another file has "${name}" in "${section}" already`,
          at: locate(file, [section, name], 'key').place,
          labels: [{ at: locate(owner, [section, name], 'key').place, text: 'the other one' }],
          help: 'remove one of the two, or choose another name',
        });
      }
    }
  }
  return findings;
}

/** Of two files with the same name the first. */
function ownersIn(files: readonly SourceFile[]): ReadonlyMap<string, SourceFile> {
  const owners = new Map<string, SourceFile>();
  const own = (key: string, file: SourceFile) => owners.set(key, owners.get(key) ?? file);
  for (const section of SECTIONS) {
    for (const file of files) {
      if (at(file.value, [section]) !== undefined) own(section, file);
      for (const name of Object.keys(entries(file, section))) own(ownerKey(section, name), file);
    }
  }
  return owners;
}

function entries({ value }: SourceFile, section: string): Record<string, unknown> {
  const found = at(value, [section]);
  return isMapping(found) ? found : {};
}

/** One spec of many files. What the root alone may say, such as the version, is the root's. */
function join(files: readonly SourceFile[]): unknown {
  const [root] = files;
  if (!isMapping(root?.value)) return root?.value;
  const joined = new Map(Object.entries(root.value));
  for (const section of SECTIONS) {
    if (joined.has(section) && !isMapping(joined.get(section))) continue;
    if (files.every(({ value }) => at(value, [section]) === undefined)) continue;
    const all = files.flatMap((file) => Object.entries(entries(file, section)));
    // The first of two counts where a name stands twice; sorted as a file's own are.
    const names = new Map(all.reverse());
    joined.set(section, Object.fromEntries([...names].sort(([a], [b]) => (a < b ? -1 : 1))));
  }
  return Object.fromEntries(joined);
}
