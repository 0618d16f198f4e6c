import fc from 'fast-check';
import { expect, test } from 'vitest';
import { upload } from '../../../src/runtime/steps/upload.ts';
import { COLUMN_TYPES } from '../../../src/spec/column.ts';
import { reference, type TextRecord } from './reference.ts';
import { type Columns, land, openRig, rowsOf, runOne, uploaded, writeJob } from './rig.ts';

const KEYS = ['a', 'b', 'c d', "e'"];
const TOKENS = [
  ...['null', '0', '1', '12', '-3', '2.5', '9007199254740993', '9223372036854775807', 'true', 'false'],
  ...['""', '"5"', '"x"', '"na"', '"true"', '"quote \' and \\" and ;"', '"é😀"', '{"k":1}', '[1,2]'],
  ...['"2026-01-31"', '"2026-02-30"', '"2026-01-31T10:00:00Z"', '"2026-01-31T23:30:00-02:00"'],
];

const column = fc.record(
  {
    from: fc.uniqueArray(fc.constantFrom(...KEYS), { minLength: 1, maxLength: 3 }),
    type: fc.constantFrom(...COLUMN_TYPES),
    required: fc.boolean(),
    null_if: fc.subarray(['na', '', '1', 'true']),
    bound: fc.constantFrom('none', 'none', 'min', 'max', 'accepted'),
  },
  { requiredKeys: ['from', 'type', 'bound'] },
);

const columns = fc.array(column, { minLength: 1, maxLength: 4 }).map(
  (all): Columns =>
    all.map(({ bound, ...rest }, index) => {
      const numeric = rest.type === 'integer' || rest.type === 'double';
      return {
        ...rest,
        name: `column_${index}`,
        ...(bound === 'min' && numeric ? { min: 0.5 } : {}),
        ...(bound === 'max' && numeric ? { max: 5 } : {}),
        ...(bound === 'accepted' && rest.type === 'string' ? { accepted: ['x', '12', ''] } : {}),
      };
    }),
);

const record: fc.Arbitrary<TextRecord> = fc.dictionary(fc.constantFrom(...KEYS), fc.constantFrom(...TOKENS));
const pages = fc.array(fc.array(record, { maxLength: 12 }), { minLength: 1, maxLength: 3 });
const key = fc.option(
  fc.record({ count: fc.integer({ min: 1, max: 2 }), keep: fc.constantFrom('first', 'last') }),
);

function documentOf(records: readonly TextRecord[]): string {
  const objects = records.map(
    (one) =>
      `{${Object.entries(one)
        .map(([name, token]) => `${JSON.stringify(name)}:${token}`)
        .join(',')}}`,
  );
  return `{"data":[${objects.join(',')}]}`;
}

test('every row is published, quarantined or a duplicate, as a slow reference says', async () => {
  await fc.assert(
    fc.asyncProperty(columns, pages, key, async (declared, records, drawn) => {
      const names = declared.map(({ name }) => name);
      const job = writeJob({
        columns: declared,
        load: undefined,
        ...(drawn === null
          ? {}
          : { key: { columns: names.slice(0, drawn.count), keep: drawn.keep, max_duplicates: '100%' } }),
      });
      using rig = openRig(job);
      const work = await land(rig.context, { AA: records.map(documentOf) });
      const outcome = await runOne(upload, rig.context, work);
      const expected = reference(job, records);
      const { files, quarantine, keyless } = uploaded(outcome);
      const published = files[0] === undefined ? [] : await rowsOf(rig.context, files[0]);
      const aside = quarantine === null ? [] : await rowsOf(rig.context, quarantine);
      expect(published.map((row) => Object.fromEntries(names.map((name) => [name, row[name]])))).toEqual(
        expected.published,
      );
      expect(aside.map((row) => `${row.reason} ${row.column}`)).toEqual(expected.quarantined);
      expect(keyless).toBe(expected.keyless);
      expect(outcome.rows).toEqual({
        received: records.flat().length,
        published: expected.published.length,
        quarantined: expected.quarantined.length,
        duplicates: expected.duplicates,
        filtered: 0,
      });
    }),
    { numRuns: 25 },
  );
});

test('the same pages give the same bytes, whatever was uploaded before', async () => {
  const records = Array.from({ length: 3000 }, (_, index) => ({ a: `"${index % 2500}"`, b: String(index) }));
  const names: (string | undefined)[] = [];
  for (let time = 0; time < 2; time++) {
    using rig = openRig(
      writeJob({
        columns: [
          { name: 'a', from: ['a'] },
          { name: 'b', from: ['b'], type: 'integer' },
        ],
        key: { columns: ['a'], keep: 'last', max_duplicates: '100%' },
      }),
    );
    const chunks = [0, 1, 2].map((index) => documentOf(records.slice(index * 1000, index * 1000 + 1000)));
    const outcome = await runOne(upload, rig.context, await land(rig.context, { AA: chunks }));
    names.push(uploaded(outcome).files[0]?.sha256);
  }
  expect(names[0]).toMatch(/^[0-9a-f]{64}$/);
  expect(names[1]).toBe(names[0]);
});
