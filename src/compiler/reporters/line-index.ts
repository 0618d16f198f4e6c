/** The lines of a text, for questions about many places of it. */
export interface LineIndex {
  readonly text: string;
  /** Line and column of an offset, both from 1, the column in UTF-16 units; a BOM takes no column. */
  position(offset: number): Position;
  /** The text of a line, without its end and without a BOM; `start` is the offset of its first character. */
  line(number: number): { readonly start: number; readonly content: string };
}

export interface Position {
  readonly offset: number;
  readonly line: number;
  readonly column: number;
}

export function lineIndex(text: string): LineIndex {
  const starts = [text.startsWith('\uFEFF') ? 1 : 0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  const startOf = (line: number) => starts[line - 1] ?? text.length;
  return {
    text,
    position(wanted) {
      const offset = Math.min(Math.max(wanted, 0), text.length);
      let low = 0;
      let high = starts.length - 1;
      while (low < high) {
        const middle = Math.ceil((low + high) / 2);
        if ((starts[middle] ?? 0) <= offset) low = middle;
        else high = middle - 1;
      }
      return { offset, line: low + 1, column: Math.max(0, offset - startOf(low + 1)) + 1 };
    },
    line(number) {
      const start = startOf(number);
      const end = number < starts.length ? startOf(number + 1) - 1 : text.length;
      return { start, content: text.slice(start, end).replace(/\r$/, '') };
    },
  };
}

/** The lines of each file that findings point into, each file looked at once; undefined where there is no text. */
export function lineIndexes(
  textOf: (file: string) => string | undefined,
): (file: string) => LineIndex | undefined {
  const known = new Map<string, LineIndex | undefined>();
  return (file) => {
    if (!known.has(file)) {
      const text = textOf(file);
      known.set(file, text === undefined ? undefined : lineIndex(text));
    }
    return known.get(file);
  };
}
