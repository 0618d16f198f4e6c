import { styleText } from 'node:util';
import type { Finding, Place } from '../finding.ts';

/** The text of a file that findings point into. */
export type TextOf = (file: string) => string | undefined;

/** Findings as a person reads them: what, where, the line with a caret below, what to do. */
export function pretty(findings: readonly Finding[], textOf: TextOf, color: boolean): string {
  return findings.map((finding) => one(finding, textOf, color)).join('\n');
}

function one(finding: Finding, textOf: TextOf, color: boolean): string {
  const paint = (style: Parameters<typeof styleText>[0], text: string) =>
    color ? styleText(style, text, { validateStream: false }) : text;
  const tone = finding.severity === 'error' ? 'red' : 'yellow';
  const head = `${paint([tone, 'bold'], finding.severity)}: ${paint('bold', finding.message)} (${finding.name})`;
  const lines = [head, ...excerpt(finding.at, textOf(finding.at.file), '', '^', (text) => paint(tone, text))];
  for (const { at, text } of finding.labels ?? []) {
    lines.push(...excerpt(at, textOf(at.file), `: ${text}`, '-', (marks) => paint('cyan', marks)));
  }
  if (finding.help !== undefined) lines.push(`   ${paint('cyan', 'help')}: ${finding.help}`);
  if (finding.fix !== undefined) lines.push(`   ${paint('cyan', 'fix')}: ${finding.fix.title}, by --fix`);
  return `${lines.join('\n')}\n`;
}

function excerpt(
  place: Place,
  text: string | undefined,
  about: string,
  mark: string,
  paint: (text: string) => string,
): string[] {
  if (text === undefined) return [`  ${place.file}${about}`];
  const { line, column } = positionAt(text, place.start);
  const lineStart = place.start - (column - 1);
  const content = (text.slice(lineStart).split(/\r?\n/, 1)[0] ?? '').replace(/^\uFEFF/, '');
  const head = `  ${place.file}:${line}:${column}${about}`;
  if (content.trim() === '') return [head];
  const end = Math.min(place.end, lineStart + content.length);
  const before = content.slice(0, column - 1).replace(/[^\t]/gu, (one) => ' '.repeat(width(one)));
  const carets = mark.repeat(Math.max(1, width(text.slice(place.start, end))));
  const gutter = String(line).length;
  return [head, `${line} | ${content}`, `${' '.repeat(gutter)} | ${before}${paint(carets)}`];
}

/** Line and column of an offset, both from 1, the column in UTF-16 units. */
export function positionAt(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset);
  const lineStart = before.lastIndexOf('\n') + 1;
  return { line: before.split('\n').length, column: offset - lineStart + 1 };
}

const WIDE =
  /\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}|\p{Emoji_Presentation}/u;

/** Cells of a terminal that a text takes. */
function width(text: string): number {
  return [...text].reduce((cells, one) => cells + (WIDE.test(one) ? 2 : /\p{Mark}/u.test(one) ? 0 : 1), 0);
}
