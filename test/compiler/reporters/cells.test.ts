import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cells, visible } from '../../../src/compiler/reporters/cells.ts';
import { lineIndex } from '../../../src/compiler/reporters/line-index.ts';

describe('cells', () => {
  it.each([
    ['plain', 5],
    ['航班', 4],
    ['ｆｕｌｌ', 8],
    ['ﾊﾝ', 2],
    ['e\u0301', 1],
    ['\u1112\u1161\u11AB', 2],
    ['한', 2],
    ['👩‍👩‍👧', 2],
    ['🇩🇪', 2],
    ['✈', 1],
    ['✈\uFE0F', 2],
    ['a\u200Bb', 2],
    ['', 0],
  ])('%j takes %i', (text, expected) => {
    expect(cells(text)).toBe(expected);
  });
});

describe('visible', () => {
  it('leaves nothing that steers a terminal or reorders a line, and keeps the length', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const shown = visible(text);
        expect(shown).not.toMatch(/[^\P{Cc}\t]|[\u202A-\u202E\u2066-\u2069]/u);
        expect(shown.length).toBe(text.length);
      }),
    );
    expect(visible('\u001B[31mred\u0007\u007F\u009B')).toBe('␛[31mred␇␡\uFFFD');
  });
});

describe('lineIndex', () => {
  it('puts every offset on the line that holds it', () => {
    const text = fc
      .array(fc.constantFrom('a', '\n', '\r\n', '航', '👩', '\uFEFF'))
      .map((all) => all.join(''));
    fc.assert(
      fc.property(text, fc.nat(40), (one, wanted) => {
        const index = lineIndex(one);
        const { offset, line, column } = index.position(wanted);
        const bom = one.startsWith('\uFEFF') ? 1 : 0;
        expect(offset).toBe(Math.min(wanted, one.length));
        expect(line).toBe(one.slice(0, offset).split('\n').length);
        expect(index.line(line).start + column - 1).toBe(Math.max(offset, line === 1 ? bom : 0));
        expect(one.slice(index.line(line).start).startsWith(index.line(line).content)).toBe(true);
      }),
    );
  });
});
