import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { countLines } from '../../../src/runtime/adapters/http/formats/count-lines.ts';
import { countRows } from '../../../src/runtime/adapters/http/formats/count-rows.ts';
import { inflate } from '../../../src/runtime/adapters/http/formats/inflate.ts';
import { Damaged, NotAPage } from '../../../src/runtime/adapters/http/unusable.ts';
import { EXIT } from '../../../src/spec/exit-codes.ts';
import { type CsvFormat, format } from '../../../src/spec/format.ts';

const csv = (options: object = {}) => format.parse({ kind: 'csv', ...options }) as CsvFormat;

describe('CSV', () => {
  test.each<[string, Buffer, object, number]>([
    ['an empty file', Buffer.alloc(0), {}, 0],
    ['a header alone', Buffer.from('a;b\n'), { delimiter: ';' }, 0],
    ['rows', Buffer.from('a,b\n1,2\n3,4\n'), {}, 2],
    ['a last line without its end', Buffer.from('a,b\n1,2\n3,4'), {}, 2],
    ['Windows line ends', Buffer.from('a,b\r\n1,2\r\n3,4\r\n'), {}, 2],
    ['empty lines', Buffer.from('a,b\n\n1,2\n\n\n3,4\n\n'), {}, 2],
    ['newlines, quotes and delimiters in quotes', Buffer.from('a,b\n"1\n1","2""2"\n"3,3","\n\n"\n'), {}, 2],
    ['a byte order mark', Buffer.from('\uFEFF"a","b"\n1,2\n'), {}, 1],
    ['rows of other lengths', Buffer.from('a,b\n1\n1,2,3\n'), {}, 2],
    ['names of its own', Buffer.from('1,2\n3,4\n'), { header: false, names: ['a', 'b'] }, 2],
    ['names instead of the header', Buffer.from('x,y\n3,4\n'), { names: ['a', 'b'] }, 1],
    ['no quotes at all', Buffer.from('a;b\n5";6\n'), { delimiter: ';', quote: '' }, 1],
    ['a tab', Buffer.from('a\tb\n1\t2\n'), { delimiter: '\t' }, 1],
    ['latin1', Buffer.from('größe;öl\n"ä\nß";1\n', 'latin1'), { delimiter: ';', encoding: 'latin1' }, 1],
    ['utf-16 with its mark', Buffer.from('\uFEFFa,b\n"Ċ\n",2\n', 'utf16le'), { encoding: 'utf-16' }, 1],
    ['utf-16 without a mark', Buffer.from('a,b\n1,2\n', 'utf16le'), { encoding: 'utf-16' }, 1],
    [
      'utf-16, the large byte first',
      Buffer.from('\uFEFFa,b\n1,2\n3,4\n', 'utf16le').swap16(),
      { encoding: 'utf-16' },
      2,
    ],
  ])('%s', async (_, body, options, rows) => {
    expect(await countRows(body, csv(options))).toBe(rows);
  });

  test('as many rows as were written, whatever stands in them', async () => {
    const value = fc.string({ unit: fc.constantFrom('a', 'ß', '"', ',', '\n', '\r', ' ', '😀') });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(value, value), { maxLength: 40 }), async (rows) => {
        const text = rows.map((row) => `${row.map((one) => `"${one.replaceAll('"', '""')}"`).join(',')}\n`);
        expect(await countRows(Buffer.from(`a,b\n${text.join('')}`), csv())).toBe(rows.length);
      }),
    );
  });

  test('a table larger than one piece, a character divided between two of them', async () => {
    const row = `${'ü'.repeat(37)},"${'\n'.repeat(5)}"\n`;
    const text = `a,b\n${row.repeat(20_000)}`;
    expect(await countRows(Buffer.from(text), csv())).toBe(20_000);
    expect(await countRows(Buffer.from(text, 'utf16le'), csv({ encoding: 'utf-16' }))).toBe(20_000);
  });

  test('an end within quotes was cut off', async () => {
    await expect(countRows(Buffer.from('a,b\n1,"2\n3,4\n'), csv())).rejects.toThrow(Damaged);
  });

  test('quotes in the wrong place break the rules', async () => {
    await expect(countRows(Buffer.from('a,b\n1,"2"3\n'), csv())).rejects.toThrow(NotAPage);
    await expect(countRows(Buffer.from('a,b\n1,"2"3\n'), csv())).rejects.toThrow(
      /in line 2 .*check delimiter/,
    );
  });
});

describe('JSON Lines', () => {
  test.each([
    ['nothing', '', 0],
    ['lines', '{"a":1}\n{"a":2}\n', 2],
    ['a last line without its end', '{"a":1}\n{"a":2}', 2],
    ['blank lines', '\n{"a":1}\n  \n\r\n{"a":2}\r\n\n', 2],
    ['a byte order mark', '\uFEFF{"a":1}\n', 1],
    ['what JSON allows and JavaScript rounds', '{"a":9223372036854775807,"b":1e400,"a":2}\n', 1],
  ])('%s', (_, text, count) => {
    expect(countLines(Buffer.from(text))).toBe(count);
  });

  test('a last line that is cut off may come whole the next time', () => {
    expect(() => countLines(Buffer.from('{"a":1}\n{"a":'))).toThrow(Damaged);
  });

  test('a broken line elsewhere is bad data', () => {
    expect(() => countLines(Buffer.from('{"a":1}\n{"a":\n{"a":2}\n'))).toThrow(NotAPage);
    expect(() => countLines(Buffer.from('{"a":1}\n{"a":\n'))).toThrow('a line 2 that is not JSON');
    expect(() => countLines(Buffer.from([0x22, 0xff, 0x22, 0x0a]))).toThrow('not UTF-8');
  });
});

describe('a body that is a gzip file', () => {
  test('is undone once; another body stays', async () => {
    const text = Buffer.from('a,b\n1,2\n');
    expect(await inflate(gzipSync(text), 1000)).toEqual(text);
    expect(await inflate(Buffer.concat([gzipSync(text), gzipSync(text)]), 1000)).toEqual(
      Buffer.concat([text, text]),
    );
    expect(await inflate(text, 1000)).toBe(text);
  });

  test('that was cut off or damaged is temporary', async () => {
    const file = gzipSync(Buffer.from('a,b\n'.repeat(1000)));
    await expect(inflate(file.subarray(0, -5), 10_000)).rejects.toThrow(Damaged);
    file[30] = (file[30] ?? 0) ^ 0xff;
    await expect(inflate(file, 10_000)).rejects.toThrow(Damaged);
  });

  test('that would become too large ends early', async () => {
    const bomb = gzipSync(Buffer.alloc(1_000_000));
    await expect(inflate(bomb, 100_000)).rejects.toMatchObject({
      exit: EXIT.configuration,
      message: expect.stringContaining('max_response'),
    });
  });
});
