import { expect } from 'vitest';
import type { WrittenJob } from '../../../src/spec/job.ts';
import { json } from '../../runtime/http/api.ts';
import { jobOf } from '../rig.ts';
import { type Oddity, type Play, play } from './oddity.ts';

type Look = Play['look'];
type Changes = Parameters<typeof jobOf>[1];
type Column = NonNullable<WrittenJob['columns']>[number];

/** The same bytes for every request. */
function body(bytes: Buffer | string, changes: Changes, look: Look): Oddity {
  return play({
    answer: (_, response) => void response.end(bytes),
    job: (url) => jobOf(url, changes),
    look,
  });
}

const TEXT: Column = { name: 'text', from: ['value'], type: 'string' };
const INTEGER: Column = { name: 'whole', from: ['value'], type: 'integer' };
const BIG: Column = { name: 'big', from: ['value'], type: 'bigint' };
const DOUBLE: Column = { name: 'double', from: ['value'], type: 'double' };
const CSV = { format: { kind: 'csv' }, records: '' } as const;
const A: Column = { name: 'a', from: ['a'], type: 'string' };
const B: Column = { name: 'b', from: ['b'], type: 'string' };

const NUMBERS = '{"data":[{"value":9223372036854775808},{"value":1e400},{"value":12}]}';
const DEEP = `${'['.repeat(500)}1${']'.repeat(500)}`;

export const DATA: Readonly<Record<string, Oddity>> = {
  '2^63 and 1e400 as string': body(NUMBERS, { columns: [TEXT] }, async ({ rig }) => {
    expect(await rig.pages()).toEqual([NUMBERS]);
    expect(await rig.published('text')).toEqual(['9223372036854775808', '1e400', '12']);
  }),

  '2^63 and 1e400 as integer': body(NUMBERS, { columns: [INTEGER] }, async ({ rig }) => {
    expect(await rig.published('whole')).toEqual(['12']);
    expect(await rig.aside()).toEqual([
      ['wrong_type', 'whole', 1],
      ['wrong_type', 'whole', 2],
    ]);
  }),

  '2^63 and 1e400 as bigint': body(NUMBERS, { columns: [BIG] }, async ({ rig }) => {
    expect(await rig.published('big')).toEqual(['9223372036854775808', '12']);
    expect(await rig.aside()).toEqual([['wrong_type', 'big', 2]]);
  }),

  '2^63 and 1e400 as double': body(NUMBERS, { columns: [DOUBLE] }, async ({ rig }) => {
    expect(await rig.published('double')).toEqual([2 ** 63, 12]);
    expect(await rig.aside()).toEqual([['wrong_type', 'double', 2]]);
  }),

  'a key that is there twice': body(
    '{"data":[{"value":"first","value":"second"}]}',
    { columns: [TEXT] },
    async ({ rig }) => expect(await rig.published('text')).toEqual(['first']),
  ),

  '500 lists in each other': body(
    `{"data":[{"value":${DEEP}}]}`,
    { columns: [{ name: 'deep', from: ['value'], type: 'json' }] },
    async ({ rig }) => expect(await rig.published('deep')).toEqual([DEEP]),
  ),

  'a text that is an object on page 3': play({
    answer: ({ url }, response) => {
      const page = Number(url.searchParams.get('page'));
      const value = page === 3 ? { name: 'B3' } : `B${page}`;
      json(response, { data: page > 4 ? [] : [{ value }] });
    },
    job: (url) => jobOf(url, { paginate: { kind: 'page' }, columns: [TEXT] }),
    async look({ rig }) {
      expect(await rig.published('text')).toEqual(['B1', 'B2', 'B4']);
      expect(await rig.aside()).toEqual([['wrong_type', 'text', 1]]);
      const page = (await rig.names('landing/')).find((name) => name.endsWith('page-00003.json.gz'));
      expect(page).toBeDefined();
    },
  }),

  'bytes that are no UTF-8, in JSON': body(
    Buffer.from('{"data":[{"value":"caf\xe9"}]}', 'latin1'),
    { columns: [TEXT] },
    async ({ rig, messages }) => {
      expect(messages.extract).toContain('not JSON');
      expect((await rig.names('landing/')).filter((name) => name.endsWith('.gz'))).toEqual([]);
    },
  ),

  'bytes that are no UTF-8, in CSV': body(
    Buffer.from('a\ncaf\xe9\n', 'latin1'),
    { ...CSV, columns: [A] },
    async ({ messages }) => expect(messages.upload).toContain('holds bytes that are not utf-8'),
  ),

  'a latin1 file': body(
    Buffer.from('a;b\ncaf\xe9;1\n', 'latin1'),
    { ...CSV, format: { kind: 'csv', encoding: 'latin1', delimiter: ';' }, columns: [A] },
    async ({ rig }) => expect(await rig.published('a')).toEqual(['café']),
  ),

  'CSV with quotes, newlines and a BOM': body(
    '\uFEFFa,b\r\n"say ""hi""","two\r\nlines"\r\nplain,\r\n',
    { ...CSV, columns: [A, B] },
    async ({ rig }) => {
      expect(await rig.published('a')).toEqual(['say "hi"', 'plain']);
      expect(await rig.published('b')).toEqual(['two\r\nlines', null]);
    },
  ),

  'CSV that ends within quotes': body('a,b\n1,"2\n', { ...CSV, columns: [A] }, async ({ messages }) =>
    expect(messages.extract).not.toBe(''),
  ),

  'an empty file, CSV': body('', { ...CSV, columns: [A] }, async ({ rig }) => {
    expect(await rig.pages()).toEqual(['']);
    expect(await rig.published('a')).toEqual([]);
  }),

  'an empty file, JSON': body('', { columns: [TEXT] }, async ({ messages }) =>
    expect(messages.extract).toContain('0 bytes that are not JSON'),
  ),

  'a header of a CSV and nothing else': body('a,b\n', { ...CSV, columns: [A] }, async ({ rig }) =>
    expect(await rig.published('a')).toEqual([]),
  ),
};
