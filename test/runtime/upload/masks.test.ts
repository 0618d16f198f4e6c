import { createHmac } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { upload } from '../../../src/runtime/steps/upload.ts';
import { type Columns, landRecords, openRig, rowsOf, runOne, uploaded, writeJob } from './rig.ts';

const PEPPER = 'k/+=%é" and more than the sixty-four bytes that a block of SHA-256 holds';
const COLUMNS: Columns = [
  { name: 'id', from: ['id'], type: 'integer' },
  { name: 'mail', from: ['person.mail', 'mail'], mask: { kind: 'hash', pepper: 'PEPPER' } },
  { name: 'birth', from: ['person.birth'], type: 'date', mask: { kind: 'redact' } },
  { name: 'card', from: ['card'], mask: { kind: 'partial', keep: 4 } },
  { name: 'secret', from: ['secret'], max_length: 9, mask: { kind: 'drop' } },
];
const digest = (text: string) => createHmac('sha256', PEPPER).update(text).digest('hex');

const good = {
  id: 1,
  person: { mail: 'ada@example.com', birth: '1815-12-10' },
  card: '1234567890',
  secret: 'hush-hush',
};

async function run(records: readonly unknown[], changes = {}) {
  const rig = openRig(writeJob({ columns: COLUMNS, load: undefined, ...changes }), { secret: () => PEPPER });
  try {
    const work = await landRecords(rig.context, records);
    const outcome = await runOne(upload, rig.context, work);
    const { files, quarantine, columns } = uploaded(outcome);
    const rows = files[0] === undefined ? [] : await rowsOf(rig.context, files[0]);
    const aside = quarantine === null ? [] : await rowsOf(rig.context, quarantine);
    const store = join(rig.home, 'lake');
    const written = readdirSync(store, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.parentPath.includes('landing'))
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'));
    return {
      rows,
      aside,
      columns,
      all: [...written, ...rig.log, JSON.stringify(outcome)].join('\n'),
    };
  } finally {
    rig[Symbol.dispose]();
  }
}

test('what is masked is written as its mask says, as text; what is dropped is not a column', async () => {
  const { rows, columns } = await run([good, { id: 2, mail: 'b@example.com', card: '123' }, { id: 3 }]);
  expect(columns?.map(({ name, type }) => `${name} ${type}`)).toEqual([
    'id integer',
    'mail string',
    'birth string',
    'card string',
  ]);
  expect(rows.map(({ mail, birth, card }) => [mail, birth, card])).toEqual([
    [digest('ada@example.com'), '***', '***7890'],
    [digest('b@example.com'), null, '***'],
    [null, null, null],
  ]);
  expect(Object.keys(rows[0] ?? {})).not.toContain('secret');
});

test('masks hold in quarantine, messages and reports; the rest of the record is there', async () => {
  const { aside, all } = await run([
    { ...good, id: 'one' },
    { ...good, person: { ...good.person, birth: 'ada-of-1815' } },
    { ...good, secret: 'longer than nine' },
    { ...good, person: 'ada@example.com', id: 'two' },
    ['ada@example.com'],
  ]);
  expect(aside.map(({ reason, column, value }) => [reason, column, value])).toEqual([
    ['wrong_type', 'id', 'one'],
    ['wrong_type', 'birth', '***'],
    ['too_long', 'secret', '***'],
    ['wrong_type', 'id', 'two'],
    ['wrong_type', null, null],
  ]);
  expect(aside.map(({ record }) => JSON.parse(String(record)))).toEqual([
    { ...good, id: 'one', person: { mail: '***', birth: '***' }, card: '***', secret: '***' },
    { ...good, person: { mail: '***', birth: '***' }, card: '***', secret: '***' },
    { ...good, person: { mail: '***', birth: '***' }, card: '***', secret: '***' },
    { ...good, person: '***', id: 'two', card: '***', secret: '***' },
    '***',
  ]);
  for (const value of ['ada', '1815', '1234567890', 'hush', 'longer than']) expect(all).not.toContain(value);
  expect(all).not.toContain(PEPPER.slice(0, 8));
});

test('the message of a failure shows no masked value', async () => {
  const records = [{ ...good, person: { birth: 'ada-of-1815' } }];
  const contract = { bad_rows: 'fail', max_bad_rows: '0%' } as const;
  await expect(run(records, { contract })).rejects.toThrow(/birth wrong_type \("\*\*\*"\) in landing/);
});

test('a new field above, below or beside a masked one shows no value of it', async () => {
  using rig = openRig(writeJob({ columns: COLUMNS, load: undefined }), { secret: () => PEPPER });
  await runOne(upload, rig.context, await landRecords(rig.context, [good]));
  const again = { ...rig.context, identity: { ...rig.context.identity, run: 'another' } };
  const changed = { ...good, card: { number: '1234567890' }, hobby: 'engines' };
  const outcome = await runOne(upload, again, await landRecords(again, [changed], { folder: 'another' }));
  const { fields } = uploaded(outcome);
  expect(fields?.added.map(({ field, sample }) => [field, sample])).toEqual([
    ['/card/number', '***'],
    ['/hobby', 'engines'],
  ]);
  expect(fields?.retyped).toEqual([
    { field: '/card', kinds: ['object'], before: ['text'], rows: 1, sample: '***' },
  ]);
  expect([...rig.log, JSON.stringify(outcome)].join('\n')).not.toContain('1234567890');
});

test.each([
  [{ key: { columns: ['card'] } }, /column card is masked \(partial\)/],
  [{ key: { columns: ['id'], keep: 'latest', by: 'mail' } }, /column mail is masked \(hash\)/],
  [
    { key: { columns: ['id'] }, load: { table: 'flights', mode: 'merge', newest_by: 'mail' } },
    /column mail is masked \(hash\)/,
  ],
] as const)(
  'a mask that would change which rows are equal is a configuration error: %j',
  async (changes, message) => {
    await expect(run([good], changes)).rejects.toMatchObject({
      exit: 78,
      message: expect.stringMatching(message),
    });
  },
);

test('a hashed column may be a key', async () => {
  const key = { columns: ['mail'], max_duplicates: '100%' };
  const { rows } = await run([good, { ...good, id: 2 }, { id: 3 }], { key });
  expect(rows.map(({ id }) => id)).toEqual(['2', '3']);
});
