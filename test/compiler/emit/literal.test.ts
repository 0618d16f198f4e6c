import fc from 'fast-check';
import { expect, test } from 'vitest';
import { block, boolean, docstring, number, string } from '../../../src/compiler/python/literal.ts';
import { HOSTILE } from './cases.ts';
import { python } from './python.ts';

const EVALUATE = `
import ast, json, sys
sources = json.load(sys.stdin)
print(json.dumps([ast.literal_eval(source) for source in sources]))
`;

/** Any 16-bit units, so lone surrogates too, mixed with what Python's lexer cares about. */
const text = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)),
      fc.constantFrom(
        '"',
        "'",
        '"""',
        "'''",
        '\\',
        '\n',
        '\r',
        '\r\n',
        '\t',
        '\0',
        '\x1b',
        '\u2028',
        '\u202e',
        '\ufeff',
        '🛫',
        '{{',
        '\\N{BULLET}',
        '\\x41',
      ),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''));

const texts = [
  ...fc.sample(text, { numRuns: 3000, seed: 20260131 }),
  ...Object.values(HOSTILE),
  '',
  '"',
  '\\',
  '\n"',
  'a\n\\',
];

test('a text is one line of Python that evaluates to itself', () => {
  const sources = texts.map(string);
  expect(sources.filter((source) => !/^.*$/u.test(source))).toEqual([]);
  expect(python(EVALUATE, sources)).toEqual(texts);
});

test('a block evaluates to its text', () => {
  expect(python(EVALUATE, texts.map(block))).toEqual(texts);
});

test('a block stays readable: lines are lines, and backslashes are not doubled', () => {
  expect(block('{\n  "pattern": "\\\\d+"\n}')).toBe('r"""{\n  "pattern": "\\\\d+"\n}"""');
  expect(block('a\nb')).toBe('"""a\nb"""');
});

test('a docstring keeps its words and ends on a line of its own', () => {
  const words = (one: string) => one.split(/[\s\ufeff\u0085]+/).filter((word) => word !== '');
  const evaluated = python(EVALUATE, texts.map(docstring)) as string[];
  expect(evaluated.map(words)).toEqual(texts.map(words));
  expect(evaluated.filter((one) => !one.endsWith('\n'))).toEqual([]);
});

test('numbers and booleans evaluate to themselves', () => {
  const values = [
    ...fc.sample(fc.double({ noNaN: true, noDefaultInfinity: true }), 500),
    0,
    1,
    -1,
    1e21,
    1e-7,
    0.5,
    2 ** 53,
  ];
  expect(python(EVALUATE, values.map(number))).toEqual(values.map((value) => value + 0));
  expect(python(EVALUATE, [true, false].map(boolean))).toEqual([true, false]);
  expect(() => number(Number.NaN)).toThrow(RangeError);
});
