import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readOutline } from '../../../src/runtime/adapters/http/formats/outline.ts';
import { findList } from '../../../src/runtime/find-list.ts';
import { valueAt } from '../../../src/runtime/json-path.ts';
import { skipSpace, skipValue } from '../../../src/runtime/skip-json.ts';

const outline = (text: string, path = 'data') => readOutline(Buffer.from(text), path);

/** Any JSON value as text, with white space, escapes and numbers as people and programs write them. */
const space = fc.constantFrom('', '', '', ' ', '\n', '\t \r\n');
const scalar = fc.oneof(
  fc.string({ unit: 'binary' }).map((text) => JSON.stringify(text)),
  fc.constantFrom('null', 'true', 'false', '0', '-0', '1.50', '1e400', '-2E-3', '9223372036854775808'),
  fc.constantFrom('"\\u00e9\\ud83d\\ude00"', '"\\"}]"', '"\\\\"', '"\\/,:"', '""', '"é😀"'),
);
const { text: json } = fc.letrec<{ text: string; list: string; object: string }>((tie) => ({
  text: fc.oneof({ depthSize: 'small' }, scalar, tie('list'), tie('object')),
  list: fc
    .tuple(fc.array(tie('text'), { maxLength: 4 }), space)
    .map(([items, gap]) => `[${gap}${items.join(`${gap},${gap}`)}${gap}]`),
  object: fc.tuple(fc.array(fc.tuple(scalar, tie('text')), { maxLength: 4 }), space).map(([items, gap]) => {
    const members = items.map(
      ([key, value]) => `${key.startsWith('"') ? key : `"${key}"`}${gap}:${gap}${value}`,
    );
    return `{${gap}${members.join(`${gap},${gap}`)}${gap}}`;
  }),
}));

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe('the end of a value', () => {
  test('is found for all that is JSON', () => {
    fc.assert(
      fc.property(json, (text) => {
        const body = Buffer.from(text);
        expect(parses(text)).toBe(true);
        expect(skipValue(body, 0)).toBe(body.length);
      }),
    );
  });

  test('is there exactly where JSON.parse says so, whatever a byte is turned into', () => {
    const changed = fc.tuple(json, fc.nat(), fc.constantFrom(...'{}[]":,\\ 0e.-tfnu\u0001x'));
    fc.assert(
      fc.property(changed, ([text, where, instead]) => {
        const at = where % (text.length + 1);
        const other = text.slice(0, at) + instead + text.slice(at + 1);
        // Half a character is turned into another by the encoding.
        fc.pre(other.isWellFormed());
        const body = Buffer.from(other);
        const begin = skipSpace(body, 0);
        const end = skipValue(body, begin);
        expect(end >= 0 && skipSpace(body, end) === body.length).toBe(parses(other));
      }),
      { numRuns: 2000 },
    );
  });

  test('is found behind 100,000 brackets', () => {
    const body = Buffer.from(`${'['.repeat(100_000)}${']'.repeat(100_000)}`);
    expect(skipValue(body, 0)).toBe(200_000);
    expect(skipValue(body.subarray(0, 150_000), 0)).toBe(-1);
  });
});

describe('a document around its list', () => {
  test('is the document that JSON.parse reads, list and all', () => {
    const page = fc.tuple(fc.array(json, { maxLength: 6 }), json, json, space);
    fc.assert(
      fc.property(page, ([items, before, after, gap]) => {
        const text = `{"a":${before},${gap}"data"${gap}:[${gap}${items.join(',')}${gap}],"z":{"next":${after}}}`;
        const found = outline(text);
        expect(found?.list.count).toBe(items.length);
        expect(valueAt(found?.document, 'z')).toEqual(JSON.parse(text).z);
        expect(found?.document).toEqual(JSON.parse(text));
        expect(found?.list.bytes.toString()).toBe(`[${gap}${items.join(',')}${gap}]`);
      }),
    );
  });

  test('may have the list deep in it, and a byte order mark', () => {
    const found = outline('\uFEFF{"x":{"data":1},"a":{"data":{"rows":[1,2,{"rows":[]}]}}}', 'a.data.rows');
    expect(found?.list.count).toBe(3);
    expect(valueAt(found?.document, 'a.data.rows.1')).toBe(2);
  });

  test.each([
    ['a key twice', '{"data":[1],"data":[1,2]}', 'data'],
    ['a key of the path twice', '{"a":{"data":[1]},"a":{"data":[1,2]}}', 'a.data'],
    ['a key with an escape', '{"data":[],"\\u0064ata":[1,2]}', 'data'],
    ['an item of a list on the way', '[{"data":[]},{"data":[1,2]}]', '1.data'],
    ['a key of digits', '{"0":{"data":[1,2]}}', '0.data'],
    ['a key that every object has', '{"__proto__":{"constructor":[1,2]}}', '__proto__.constructor'],
  ])('is the list that JSON.parse finds: %s', (_, text, path) => {
    const found = outline(text, path);
    expect(found?.list.count).toBe(2);
    expect(valueAt(found?.document, path)).toEqual(valueAt(JSON.parse(text), path));
    expect(valueAt(found?.document, path)).toEqual([1, 2]);
  });

  test.each([
    ['a list at the top', '[1,2]', ''],
    ['no such key', '{"rows":[]}', 'data'],
    ['something else there', '{"data":{"0":1}}', 'data'],
    ['a key of the path twice, the last without it', '{"a":{"data":[1]},"a":{}}', 'a.data'],
    ['a key twice, the last something else', '{"data":[1],"data":2}', 'data'],
    ['a document cut off', '{"data":[1,2],"total":', 'data'],
    ['a list cut off', '{"data":[1,2', 'data'],
    ['a comma too many', '{"data":[1,2,]}', 'data'],
    ['something behind it', '{"data":[1,2]} x', 'data'],
    ['an error page', '<html>"data":[1]</html>', 'data'],
    ['nothing', '', 'data'],
  ])('is left to a whole reading: %s', (_, text, path) => {
    expect(outline(text, path)).toBeUndefined();
  });

  test('says where each item stands, of a list at the top too', () => {
    const body = Buffer.from('\uFEFF [ {"é":1} ,2,\n"x"] ');
    const { items = [], count } = findList(body, '', true) ?? {};
    const texts = items.flatMap((at, index) =>
      index % 2 === 0 ? [body.toString('utf8', at, items[index + 1])] : [],
    );
    expect([count, texts]).toEqual([3, ['{"é":1}', '2', '"x"']]);
  });

  test('is left to a whole reading: bytes that are not UTF-8', () => {
    expect(readOutline(Buffer.from('{"data":["\xe9"]}', 'latin1'), 'data')).toBeUndefined();
  });
});
