import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { interpolations } from './interpolations.ts';
import { REVIEWED } from './reviewed.ts';

const SOURCE = join(import.meta.dirname, '../../../src');

/** What can't be traced to identifier(), literal() or the like, file by file. */
function untraced(): Map<string, string[]> {
  const files = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  );
  return new Map(
    files.flatMap((file): [string, string[]][] => {
      const found = interpolations(readFileSync(join(SOURCE, file), 'utf8'));
      const texts = found.filter(({ traced, quoted }) => !traced || quoted).map(({ text }) => text);
      return texts.length === 0 ? [] : [[file, [...new Set(texts)]]];
    }),
  );
}

test('no SQL is built from values: what stands in it is bound, quoted by the one function for it, or was looked at', () => {
  const found = untraced();
  const unknown = [...found].flatMap(([file, texts]) =>
    texts
      .filter((text) => !(REVIEWED[file] ?? []).includes(text))
      .map(
        (text) =>
          `src/${file}: \${${text}} stands in SQL: bind the value, or give the name to identifier() or the text to literal(); where it is SQL itself, add it to reviewed.ts`,
      ),
  );
  expect(unknown).toEqual([]);
  // What is no longer there is not allowed either.
  const gone = Object.entries(REVIEWED).flatMap(([file, texts]) =>
    texts.filter((text) => !found.get(file)?.includes(text)).map((text) => `${file}: ${text}`),
  );
  expect(gone).toEqual([]);
});

test('the search finds SQL that is built from values, however it is written', () => {
  const bad = (line: string) => interpolations(line).filter(({ traced, quoted }) => !traced || quoted);
  for (const line of [
    'run(`DELETE FROM flights WHERE partition = ${partition}`)',
    "run(`DELETE FROM flights WHERE partition = '${partition}'`)",
    "run(`SELECT * FROM flights WHERE note = '${identifier(note)}'`)",
    'const where = `WHERE id IN (${ids.join(", ")})`;',
    'const values = rows.map((row) => `(${row.id})`); run(`INSERT INTO flights VALUES ${values.join(",")}`)',
    'const name = row.name; run(`COPY INTO flights FROM @stage FILES = (${name})`)',
    'function text(value: string) { return value; } run(`SELECT ${text(note)} FROM flights`)',
    'const list = (names: string[]) => { return names.join(", "); }; run(`SELECT ${list(names)} FROM flights`)',
    'run(`PUT ${path} @stage`)',
    'run(`SELECT a\nFROM ${partition}`)',
  ]) {
    expect([line, bad(line).length]).toEqual([line, 1]);
  }
});

test('the search lets through what is bound or quoted, and text that is no SQL', () => {
  for (const line of [
    'run(`DELETE FROM ${tableName(dialect, place, table)} WHERE ${identifier(name)} = ${bound.as("date", day)}`)',
    'const names = columns.map(({ name }) => identifier(name)); run(`SELECT ${names.join(", ")} FROM ${qualified(a, b)}`)',
    'const id = (name: string) => dialect.identifier(name); run(`SELECT ${id(column)} FROM ${literal(path)}`)',
    'function column(name: string) { return `${identifier(name)} AS x`; } run(`SELECT ${column(name)} FROM t`)',
    'throw new Error(`there is no file ${name} in the store`)',
  ]) {
    expect([line, interpolations(line).filter(({ traced, quoted }) => !traced || quoted)]).toEqual([
      line,
      [],
    ]);
  }
});
