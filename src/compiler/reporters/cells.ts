const GRAPHEMES = new Intl.Segmenter('en', { granularity: 'grapheme' });
const EMOJI = /\p{Emoji_Presentation}|\p{Emoji}\uFE0F/u;
const NO_WIDTH = /[\p{Mark}\p{Default_Ignorable_Code_Point}\p{Cf}]/u;

/** Blocks of East Asian Width W and F, https://www.unicode.org/reports/tr11/; emoji stand in `EMOJI`. */
const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2329, 0x232a],
  [0x2e80, 0x303e],
  [0x3041, 0x33ff],
  [0x3400, 0x4dbf],
  [0x4e00, 0xa4cf],
  [0xa960, 0xa97f],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe10, 0xfe19],
  [0xfe30, 0xfe6f],
  [0xff01, 0xff60],
  [0xffe0, 0xffe6],
  [0x16fe0, 0x18cff],
  [0x1aff0, 0x1b2ff],
  [0x20000, 0x3fffd],
];

/** Cells of a terminal that a text takes: a family of four joined emoji takes two, a combining accent none. */
export function cells(text: string): number {
  // Most lines; the segmenter takes a hundred times as long.
  if (/^[ -~]*$/.test(text)) return text.length;
  let sum = 0;
  for (const { segment } of GRAPHEMES.segment(text)) {
    sum += EMOJI.test(segment) ? 2 : Math.max(...[...segment].map(cellsOfCharacter));
  }
  return sum;
}

function cellsOfCharacter(character: string): number {
  if (NO_WIDTH.test(character)) return 0;
  const code = character.codePointAt(0) ?? 0;
  return WIDE.some(([from, to]) => code >= from && code <= to) ? 2 : 1;
}

/**
 * The same text with a visible sign in the place of what would steer a terminal or reorder the line: a spec may come
 * from somebody whose change is only being looked at. Each sign takes one cell.
 */
export function visible(text: string): string {
  return text.replace(/[\p{Cc}\u202A-\u202E\u2066-\u2069]/gu, (character) => {
    if (character === '\t') return character;
    const code = character.charCodeAt(0);
    return code < 0x20 ? String.fromCharCode(0x2400 + code) : code === 0x7f ? '\u2421' : '\uFFFD';
  });
}
