import type { Finding } from '../finding.ts';
import { type LineIndex, lineIndexes } from './line-index.ts';
import type { TextOf } from './pretty.ts';

/** As many findings as the summary of a step shows: GitHub takes at most 1 MiB of it. */
const MAX_ROWS = 500;

/** As much of one text as a row of the summary shows. */
const MAX_TEXT = 500;

/** Workflow commands that annotate the lines of a change in GitHub Actions; it shows ten of each severity a step. */
export function githubAnnotations(findings: readonly Finding[], textOf: TextOf): string {
  const indexOf = lineIndexes(textOf);
  return findings.map((finding) => annotation(finding, indexOf(finding.at.file))).join('');
}

function annotation({ name, severity, message, help, at }: Finding, index: LineIndex | undefined): string {
  const properties: [string, string | number][] = [['file', at.file.replaceAll('\\', '/')]];
  if (index !== undefined) {
    const start = index.position(at.start);
    const end = index.position(at.end);
    properties.push(['line', start.line], ['endLine', end.line]);
    // GitHub refuses columns of a place that spans several lines.
    if (start.line === end.line) properties.push(['col', start.column], ['endColumn', end.column]);
  }
  properties.push(['title', `pipegen: ${name}`]);
  const list = properties.map(([key, value]) => `${key}=${escapeProperty(String(value))}`).join(',');
  const text = help === undefined ? message : `${message}\nhelp: ${help}`;
  return `::${severity} ${list}::${escapeData(text)}\n`;
}

/** https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts */
function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

/** All findings as Markdown, for the page of a workflow's run: annotations end at ten. */
export function githubSummary(findings: readonly Finding[], textOf: TextOf): string {
  if (findings.length === 0) return '### pipegen: nothing to say\n';
  const indexOf = lineIndexes(textOf);
  const rows = findings.slice(0, MAX_ROWS).map(({ at, severity, name, message, help }) => {
    const place = indexOf(at.file)?.position(at.start);
    const where = place === undefined ? at.file : `${at.file}:${place.line}:${place.column}`;
    const what = help === undefined ? cell(message) : `${cell(message)}<br>${cell(help)}`;
    return `| ${severity} | ${cell(where)} | ${name} | ${what} |`;
  });
  const more = findings.length - rows.length;
  return [
    `### pipegen: ${counted(findings, 'error')}, ${counted(findings, 'warning')}`,
    '',
    '| severity | place | name | finding |',
    '| --- | --- | --- | --- |',
    ...rows,
    ...(more > 0 ? ['', `And ${more} more: see the output of the step.`] : []),
    '',
  ].join('\n');
}

function counted(findings: readonly Finding[], severity: Finding['severity']): string {
  const count = findings.filter((one) => one.severity === severity).length;
  return `${count} ${severity}${count === 1 ? '' : 's'}`;
}

/** Text that stays text in a cell of a table, whoever wrote the spec. */
function cell(text: string): string {
  const short = text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text;
  return short
    .replace(/[\r\n]+/g, ' ')
    .replace(/[&<>]/g, (one) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[one] ?? one)
    .replace(/[\\`*_[\]|~$#!@]/g, (one) => `&#${one.charCodeAt(0)};`);
}
