import { plural } from '../print.ts';
import { table } from '../table.ts';
import type { PreviewResult } from './preview.ts';
import type { QuarantinedRow } from './read-back.ts';
import type { UnreadField } from './unread-fields.ts';

/** Characters of a cell; what is longer ends in an ellipsis. */
const WIDEST = 32;

/**
 * A preview for people: rows as a table, what was set aside and why, fields that nobody reads, what it cost.
 *
 * @param from the file that was read instead of a request
 * @param width characters of a line
 */
export function show(result: PreviewResult, from: string | undefined, width: number): string {
  const { counts, partition, pipeline } = result;
  const expanded = counts.expanded ? `, ${counts.expanded} added by the transform` : '';
  const parts = [
    rows(result, width),
    quarantined(result),
    unread(result.unread ?? []),
    [
      `${pipeline} of ${partition}: ${plural(counts.received, 'record')} came, ${counts.published} would be published, ` +
        `${counts.quarantined} quarantined, ${counts.duplicates} duplicates, ${counts.filtered} filtered${expanded}`,
      from === undefined
        ? `${plural(result.requests, 'request')} made; the API counts ${result.requests === 1 ? 'it' : 'them'} like any other`
        : `read from ${from}; nobody was asked`,
      'Nothing was written to the store or the warehouse.',
    ],
  ];
  return `${parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function rows({ rows: all, columns, counts }: PreviewResult, width: number): string[] {
  if (all.length === 0) return [];
  const shown = columns.filter(({ name }) => all.some((row) => Object.hasOwn(row, name)));
  const head = shown.map(({ name, type }) => `${name} ${type}`);
  const cells = all.map((row) => shown.map(({ name }) => cell(row[name])));
  const across = table(head, cells);
  const lines = fits(across, width) ? across : downwards(head, cells, width);
  const more = counts.published - all.length;
  return more > 0 ? [...lines, `… and ${plural(more, 'row')} more`] : lines;
}

/** A line for each column, beside it the rows; as many of them in a table as the width takes. */
function downwards(head: readonly string[], cells: readonly (readonly string[])[], width: number): string[] {
  const lines: string[] = [];
  for (let first = 0; first < cells.length; ) {
    const turned = (count: number) => {
      const some = cells.slice(first, first + count);
      const names = ['column', ...some.map((_, index) => `row ${first + index + 1}`)];
      return table(
        names,
        head.map((name, column) => [name, ...some.map((row) => row[column] ?? '')]),
      );
    };
    let count = 1;
    while (first + count < cells.length && fits(turned(count + 1), width)) count += 1;
    lines.push(...(first === 0 ? [] : ['']), ...turned(count));
    first += count;
  }
  return lines;
}

function fits(lines: readonly string[], width: number): boolean {
  return lines.every((line) => line.length <= width);
}

function quarantined({ quarantined: all, reasons, counts }: PreviewResult): string[] {
  if (counts.quarantined === 0) return [];
  const why = reasons.map(
    ({ reason, column, rows: count }) =>
      `  ${plural(count, 'row')}: ${reason}${column === null ? '' : ` in ${column}`}`,
  );
  const cells = all.map(({ position, reason, column, value }: QuarantinedRow) => [
    cell(position),
    reason,
    column ?? '',
    cell(value),
  ]);
  return ['quarantined', ...why, ...table(['record', 'reason', 'column', 'value'], cells)];
}

function unread(fields: readonly UnreadField[]): string[] {
  if (fields.length === 0) return [];
  const lines = table(
    ['field', 'records', 'kinds'],
    fields.map(({ field, records, kinds }) => [field, String(records), kinds.join(', ')]),
  );
  return ['fields that no column reads', ...lines];
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return '';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  // One line, and nothing that a terminal would act on.
  const plain = text.replace(/\p{Cc}/gu, (one) => JSON.stringify(one).slice(1, -1));
  return plain.length > WIDEST ? `${plain.slice(0, WIDEST - 1)}…` : plain;
}
