import { readFileSync } from 'node:fs';

/** A row of a table, by the heads of its columns. */
export type Row = Readonly<Record<string, string>>;

const PAGE = readFileSync(new URL('../../docs/extraction.md', import.meta.url), 'utf8');

/** The rows of the first table below a heading of docs/extraction.md, without the marks of code. */
export function tableBelow(heading: string): Row[] {
  const [, below] = PAGE.split(`\n### ${heading}\n`);
  const lines = (below ?? '').split(/\n#+ /)[0]?.match(/^\|.*\|$/gm) ?? [];
  const [heads = [], , ...rows] = lines.map((line) =>
    line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.replaceAll('`', '').trim()),
  );
  if (rows.length === 0) throw new Error(`docs/extraction.md has no table below "${heading}"`);
  return rows.map((cells) => Object.fromEntries(heads.map((head, index) => [head, cells[index] ?? ''])));
}

/** A cell of a row that must be there. */
export function cell(row: Row, head: string): string {
  const value = row[head];
  if (value === undefined) throw new Error(`the table has no column "${head}"`);
  return value;
}
