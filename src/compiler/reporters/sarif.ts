import { createHash } from 'node:crypto';
import { exampleText } from '../explain/example.ts';
import type { Explanation } from '../explain/explanation.ts';
import type { Finding, Place } from '../finding.ts';
import { type LineIndex, lineIndexes } from './line-index.ts';
import type { TextOf } from './pretty.ts';

/** What `explain` says of a finding's name; undefined for a name that it does not know. */
export type RuleOf = (name: string) => Pick<Explanation, 'category' | 'why' | 'bad' | 'good'> | undefined;

type IndexOf = (file: string) => LineIndex | undefined;

/**
 * SARIF 2.1.0, https://docs.oasis-open.org/sarif/sarif/v2.1.0/, with all that GitHub's code scanning asks for.
 * Paths are relative to the working directory, which is to be the root of the repository.
 */
export function sarif(findings: readonly Finding[], textOf: TextOf, version: string, ruleOf: RuleOf): string {
  const indexOf = lineIndexes(textOf);
  const names = [...new Set(findings.map(({ name }) => name))].sort();
  const fingerprint = fingerprints(indexOf);
  const document = {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'pipegen',
            version,
            semanticVersion: version,
            rules: names.map((name) => descriptor(name, findings, ruleOf(name))),
          },
        },
        invocations: [{ executionSuccessful: true }],
        columnKind: 'utf16CodeUnits',
        results: findings.map((finding) => ({
          ruleId: finding.name,
          ruleIndex: names.indexOf(finding.name),
          level: finding.severity,
          message: { text: sentences(finding.message, finding.help) },
          locations: [{ physicalLocation: physical(finding.at, indexOf) }],
          ...(finding.labels === undefined || finding.labels.length === 0
            ? {}
            : {
                relatedLocations: finding.labels.map(({ at, text }, id) => ({
                  id,
                  physicalLocation: physical(at, indexOf),
                  message: { text },
                })),
              }),
          partialFingerprints: { 'pipegenFinding/v1': fingerprint(finding) },
          ...(finding.fix === undefined ? {} : { fixes: [fixOf(finding.fix, indexOf)] }),
        })),
      },
    ],
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function descriptor(name: string, findings: readonly Finding[], rule: ReturnType<RuleOf>) {
  const words = name.replaceAll('-', ' ');
  const level = findings.find((one) => one.name === name)?.severity ?? 'warning';
  const why = rule?.why ?? `pipegen can’t use a spec with this: ${words}.`;
  const example = rule === undefined || rule.bad === '' ? undefined : rule;
  const [bad, good] = [example?.bad, example?.good].map((text = '') => exampleText(text));
  return {
    id: name,
    shortDescription: { text: words },
    fullDescription: { text: why },
    help: {
      text: example === undefined ? why : `${why}\n\nWrong:\n${bad}\n\nRight:\n${good}`,
      markdown: example === undefined ? why : `${why}\n\nWrong:\n\n${block(bad)}\n\nRight:\n\n${block(good)}`,
    },
    defaultConfiguration: { level },
    properties: { tags: [rule?.category ?? 'correctness'], precision: 'high', 'problem.severity': level },
  };
}

function block(text: string | undefined): string {
  return `\`\`\`yaml\n${text}\n\`\`\``;
}

function sentences(message: string, help: string | undefined): string {
  return help === undefined ? message : `${message}\n${help}`;
}

function physical(place: Place, indexOf: IndexOf) {
  const region = regionOf(place, indexOf(place.file));
  return { artifactLocation: artifact(place.file), ...(region === undefined ? {} : { region }) };
}

/** A region's end is the place after its last character, from 1, as ours is. */
function regionOf({ start, end }: Place, index: LineIndex | undefined) {
  if (index === undefined) return undefined;
  const from = index.position(start);
  const to = index.position(Math.max(start, end));
  return {
    startLine: from.line,
    startColumn: from.column,
    endLine: to.line,
    endColumn: to.column,
    charOffset: from.offset,
    charLength: to.offset - from.offset,
  };
}

function artifact(file: string) {
  const path = file.replaceAll('\\', '/');
  const uri = path.split('/').map(encodeURIComponent).join('/');
  if (path.startsWith('/')) return { uri: `file://${uri}` };
  if (/^[A-Za-z]:\//.test(path)) return { uri: `file:///${path.slice(0, 2)}${uri.slice(uri.indexOf('/'))}` };
  return { uri, uriBaseId: '%SRCROOT%' };
}

function fixOf({ title, edits }: NonNullable<Finding['fix']>, indexOf: IndexOf) {
  const files = [...new Set(edits.map(({ at }) => at.file))];
  return {
    description: { text: title },
    artifactChanges: files.map((file) => ({
      artifactLocation: artifact(file),
      replacements: edits
        .filter(({ at }) => at.file === file)
        .map(({ at, text }) => ({
          deletedRegion: regionOf(at, indexOf(file)) ?? { charOffset: 0, charLength: 0 },
          insertedContent: { text },
        })),
    })),
  };
}

/**
 * The same finding has the same one after lines above it came or went: of its name, its words and the text of its
 * line, and how many of these there were before. GitHub's own is of the line alone, and added by its upload.
 */
function fingerprints(indexOf: IndexOf): (finding: Finding) => string {
  const seen = new Map<string, number>();
  return ({ name, message, at }) => {
    const index = indexOf(at.file);
    const line = index?.line(index.position(at.start).line).content.trim() ?? '';
    const hash = createHash('sha256').update(JSON.stringify([name, message, at.file, line]));
    const digest = hash.digest('hex').slice(0, 32);
    const count = (seen.get(digest) ?? 0) + 1;
    seen.set(digest, count);
    return `${digest}:${count}`;
  };
}
