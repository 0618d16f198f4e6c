import type { Finding } from '../finding.ts';
import { visible } from './cells.ts';
import { lineIndexes } from './line-index.ts';
import type { TextOf } from './pretty.ts';

/** One line each, as editors and `grep` read them: `file:line:column: severity name message`. */
export function concise(findings: readonly Finding[], textOf: TextOf): string {
  const indexOf = lineIndexes(textOf);
  return findings
    .map(({ at, severity, name, message }) => {
      const { line, column } = indexOf(at.file)?.position(at.start) ?? { line: 1, column: 1 };
      return `${visible(at.file)}:${line}:${column}: ${severity} ${name} ${visible(message)}\n`;
    })
    .join('');
}
