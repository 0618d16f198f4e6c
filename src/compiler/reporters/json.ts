import type { Finding, Place } from '../finding.ts';
import type { JsonDocument } from './json-document.ts';
import { lineIndexes } from './line-index.ts';
import type { TextOf } from './pretty.ts';

/** For programs: `jsonDocument` as one line; ends with a newline. */
export function json(findings: readonly Finding[], textOf: TextOf, version: string): string {
  const indexOf = lineIndexes(textOf);
  const placed = ({ file, start, end }: Place) => {
    const index = indexOf(file);
    const position = (offset: number) => index?.position(offset) ?? { offset: 0, line: 1, column: 1 };
    return { file, start: position(start), end: position(end) };
  };
  const count = (severity: Finding['severity']) => findings.filter((one) => one.severity === severity).length;
  const document: JsonDocument = {
    version: 1,
    tool: { name: 'pipegen', version },
    errors: count('error'),
    warnings: count('warning'),
    findings: findings.map(({ name, severity, message, at, help, labels = [], fix }) => ({
      name,
      severity,
      message,
      ...placed(at),
      help: help ?? null,
      labels: labels.map((label) => ({ ...placed(label.at), text: label.text })),
      fix:
        fix === undefined
          ? null
          : { title: fix.title, edits: fix.edits.map((edit) => ({ ...placed(edit.at), text: edit.text })) },
    })),
  };
  return `${JSON.stringify(document)}\n`;
}
