import { styleText } from 'node:util';
import type { Finding, Place } from '../finding.ts';
import { cells, visible } from './cells.ts';
import { type LineIndex, lineIndexes } from './line-index.ts';

/** The text of a file that findings point into. */
export type TextOf = (file: string) => string | undefined;

/** As much of a line as is shown, in UTF-16 units: a spec on one line shall not fill the screen with each finding. */
const MAX_SHOWN = 200;

type Paint = (text: string) => string;

/** Findings as a person reads them: what, where, the line with a caret below, what to do. */
export function pretty(findings: readonly Finding[], textOf: TextOf, color: boolean): string {
  const indexOf = lineIndexes(textOf);
  return findings.map((finding) => one(finding, indexOf, color)).join('\n');
}

function one(finding: Finding, indexOf: (file: string) => LineIndex | undefined, color: boolean): string {
  const paint = (style: Parameters<typeof styleText>[0], text: string) =>
    color ? styleText(style, text, { validateStream: false }) : text;
  const tone = finding.severity === 'error' ? 'red' : 'yellow';
  const { at, help, fix, labels = [] } = finding;
  const lines = [
    `${paint([tone, 'bold'], finding.severity)}: ${paint('bold', visible(finding.message))} (${finding.name})`,
    ...excerpt(at, indexOf(at.file), '', '^', (text) => paint(tone, text)),
    ...labels.flatMap((label) =>
      excerpt(label.at, indexOf(label.at.file), `: ${visible(label.text)}`, '-', (text) =>
        paint('cyan', text),
      ),
    ),
  ];
  if (help !== undefined) lines.push(`   ${paint('cyan', 'help')}: ${visible(help)}`);
  if (fix !== undefined) lines.push(`   ${paint('cyan', 'fix')}: ${visible(fix.title)}, by --fix`);
  return `${lines.join('\n')}\n`;
}

function excerpt(
  place: Place,
  index: LineIndex | undefined,
  about: string,
  mark: string,
  paint: Paint,
): string[] {
  const file = visible(place.file);
  if (index === undefined) return [`  ${file}${about}`];
  const { line, column } = index.position(place.start);
  const head = `  ${file}:${line}:${column}${about}`;
  const { start, content } = index.line(line);
  if (content.trim() === '') return [head];
  const from = Math.min(column - 1, content.length);
  const to = Math.min(Math.max(place.end - start, from), content.length);
  const window = windowOf(content, from, to);
  const before = visible(content.slice(window.from, from)).replace(/[^\t]+/g, (run) =>
    ' '.repeat(cells(run)),
  );
  const marked = visible(content.slice(from, Math.min(to, window.to)));
  const marks = mark.repeat(Math.max(1, cells(marked)));
  const lead = window.from > 0 ? '…' : '';
  const trail = window.to < content.length ? '…' : '';
  const gutter = ' '.repeat(String(line).length);
  return [
    head,
    `${line} | ${lead}${visible(content.slice(window.from, window.to))}${trail}`,
    `${gutter} | ${' '.repeat(lead.length)}${before}${paint(marks)}`,
  ];
}

/** The part of a line that is shown: all of it, or what lies around the place. */
function windowOf(content: string, from: number, to: number): { from: number; to: number } {
  if (content.length <= MAX_SHOWN) return { from: 0, to: content.length };
  const room = Math.max(0, MAX_SHOWN - (to - from));
  const begin = Math.max(0, Math.min(from - Math.floor(room / 2), content.length - MAX_SHOWN));
  const whole = (offset: number) => (/[\uDC00-\uDFFF]/.test(content[offset] ?? '') ? offset - 1 : offset);
  return { from: whole(begin), to: whole(Math.min(content.length, begin + MAX_SHOWN)) };
}
