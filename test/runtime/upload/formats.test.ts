import { expect, test } from 'vitest';
import { upload } from '../../../src/runtime/steps/upload.ts';
import type { WrittenJob } from '../../../src/spec/job.ts';
import { type Columns, landBytes, openRig, rowsOf, runOne, uploaded, writeJob } from './rig.ts';

type Format = NonNullable<NonNullable<WrittenJob['extract']>['format']>;

const extractOf = (format: Format): WrittenJob['extract'] => ({
  source: { kind: 'http', base_url: 'http://127.0.0.1' },
  path: '/table',
  format,
});

/** Values of the columns of each row, and `reason column position` of each that was set aside. */
async function read(
  columns: Columns,
  pages: readonly { bytes: Buffer | string; records: number }[],
  format: Format = { kind: 'json' },
) {
  using rig = openRig(
    writeJob({ columns, ...(format.kind === 'json' ? {} : { extract: extractOf(format) }) }),
  );
  const outcome = await runOne(upload, rig.context, await landBytes(rig.context, pages));
  const { files, quarantine } = uploaded(outcome);
  const rows = files[0] === undefined ? [] : await rowsOf(rig.context, files[0]);
  const aside = quarantine === null ? [] : await rowsOf(rig.context, quarantine);
  return {
    rows: rows.map((row) => columns.map(({ name }) => row[name])),
    aside: aside.map((row) => [row.reason, row.column, Number(row.position)]),
    records: aside.map((row) => row.record),
    counts: outcome.rows,
  };
}

const PRICES: Columns = [
  { name: 'price', from: ['Unit Price (€)'], type: 'decimal(12,4)' },
  { name: 'note', from: ['/note.x'] },
];

test.each([
  ['utf-8', (text: string) => Buffer.from(text)],
  ['utf-8', (text: string) => Buffer.from(`\uFEFF${text}`)],
  ['latin1', (text: string) => Buffer.from(text.replaceAll('€', '\x80'), 'latin1')],
  ['utf-16', (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le')],
  ['utf-16', (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le').swap16()],
] as const)(
  'a table in %s: quotes, newlines in them, empty values and the header as it stands',
  async (encoding, encode) => {
    const text =
      'Unit Price (€);/note.x\r\n1.10;"two\nlines; ""é"""\r\n\r\n;\r\n"2";""\r\n3;x;too many\r\nno number;y\r\n4\r\n';
    const { rows, aside, records, counts } = await read(PRICES, [{ bytes: encode(text), records: 6 }], {
      kind: 'csv',
      delimiter: ';',
      encoding,
    });
    expect(rows).toEqual([
      ['1.1000', 'two\nlines; "é"'],
      [null, null],
      ['2.0000', ''],
      ['4.0000', null],
    ]);
    expect(aside).toEqual([
      ['wrong_type', null, 4],
      ['wrong_type', 'price', 5],
    ]);
    expect(records[0]).toBe('["3","x","too many"]');
    expect(counts).toMatchObject({ received: 6, published: 4, quarantined: 2 });
  },
);

test('a table without a header takes its names from the spec; an empty one has no rows', async () => {
  const format: Format = { kind: 'csv', header: false, names: ['a', 'b'] };
  const columns: Columns = [
    { name: 'first', from: ['a'], type: 'integer' },
    { name: 'list', from: ['b'], type: 'list(integer)' },
  ];
  const pages = [
    { bytes: '1,"[1,2]"\n', records: 1 },
    { bytes: '', records: 0 },
    { bytes: '2,x', records: 1 },
  ];
  const { rows, aside } = await read(columns, pages, format);
  expect(rows).toEqual([['1', ['1', '2']]]);
  expect(aside).toEqual([['wrong_type', 'list', 1]]);
});

test('bytes that are not of the encoding end the run and name the page', async () => {
  const pages = [{ bytes: Buffer.from('a\n\xe9\n', 'latin1'), records: 1 }];
  await expect(read([{ name: 'a', from: ['a'] }], pages, { kind: 'csv' })).rejects.toMatchObject({
    exit: 65,
    message: expect.stringMatching(/page-00001\.json\.gz holds bytes that are not utf-8/),
  });
});

test('JSON lines: blank lines, a BOM, no last newline; what is no object is set aside', async () => {
  const bytes = '\uFEFF{"a":{"b":1}}\r\n\n5\n  {"a":{"b":9007199254740993}}';
  const columns: Columns = [{ name: 'b', from: ['a.b'], type: 'integer' }];
  const { rows, aside } = await read(columns, [{ bytes, records: 3 }], { kind: 'json_lines' });
  expect(rows).toEqual([['1'], ['9007199254740993']]);
  expect(aside).toEqual([['wrong_type', null, 2]]);
});

test('half a surrogate pair sets its row aside, not its page', async () => {
  const bytes =
    '{"data":[{"a":"\\ud83d\\ude00"},{"a":"\\ud83d"},{"a":"\\\\ud83d"},{"b":"\\udE00x"},{"a":"last"}]}';
  const { rows, aside } = await read([{ name: 'a', from: ['a'] }], [{ bytes, records: 5 }]);
  expect(rows).toEqual([['😀'], ['\\ud83d'], ['last']]);
  expect(aside).toEqual([
    ['not_unicode', null, 2],
    ['not_unicode', null, 4],
  ]);
});

test('of a key that is there twice the first counts; 500 levels are one value', async () => {
  const deep = `${'['.repeat(500)}1${']'.repeat(500)}`;
  const columns: Columns = [
    { name: 'a', from: ['a'] },
    { name: 'deep', from: ['deep'], type: 'json' },
  ];
  const bytes = `{"data":[{"a":1,"a":2,"deep":${deep}}]}`;
  expect((await read(columns, [{ bytes, records: 1 }])).rows).toEqual([['1', deep]]);
});

test('a field that turns from a text to an object on the third page loses those rows alone', async () => {
  const columns: Columns = [
    { name: 'gate', from: ['gate'] },
    { name: 'id', from: ['id'], type: 'integer' },
  ];
  const page = (gate: string, id: number) => ({
    bytes: `{"data":[{"gate":${gate},"id":${id}}]}`,
    records: 1,
  });
  const pages = [page('"B1"', 1), page('"B2"', 2), page('{"name":"B3"}', 3), page('"B4"', 4)];
  const { rows, aside } = await read(columns, pages);
  expect(rows).toEqual([
    ['B1', '1'],
    ['B2', '2'],
    ['B4', '4'],
  ]);
  expect(aside).toEqual([['wrong_type', 'gate', 1]]);
});

test('a value is found by a path, a pointer, in a list, above and below another column, in any case', async () => {
  const columns: Columns = [
    { name: 'whole', from: ['a'], type: 'json' },
    { name: 'inner', from: ['a.b.c'] },
    { name: 'dotted', from: ['/x.y/~1z'] },
    { name: 'item', from: ['list.1.n'] },
    { name: 'upper', from: ['ID'] },
    { name: 'lower', from: ['id'] },
  ];
  const bytes = '{"data":[{"a":{"b":{"c":1}},"x.y":{"/z":2},"list":[{},{"n":3}],"ID":4,"id":5}]}';
  const { rows } = await read(columns, [{ bytes, records: 1 }]);
  expect(rows).toEqual([['{"b":{"c":1}}', '1', '2', '3', '4', '5']]);
});
