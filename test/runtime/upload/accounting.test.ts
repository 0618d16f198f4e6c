import fc from 'fast-check';
import { expect, test } from 'vitest';
import { upload } from '../../../src/runtime/steps/upload.ts';
import { SCALAR_TYPES } from '../../../src/spec/column-type.ts';
import { reference, type TextRecord } from './reference.ts';
import { type Columns, land, openRig, rowsOf, runOne, uploaded, writeJob } from './rig.ts';

const KEYS = ['a', 'b', 'c d', "e'"];
const TYPES = [...SCALAR_TYPES, 'decimal(6,2)', 'decimal(20,0)', 'list(integer)', 'list(string)'];
const TOKENS = [
  ...['null', '0', '1', '12', '-3', '2.5', '9007199254740993', '9223372036854775807', 'true', 'false'],
  ...['""', '"5"', '"x"', '"na"', '"true"', '"quote \' and \\" and ;"', '"é😀"', '{"k":1}', '[1,2]'],
  ...['"2026-01-31"', '"2026-02-30"', '"2026-01-31T10:00:00Z"', '"2026-01-31T23:30:00-02:00"'],
  ...['9223372036854775808', '"12.50"', '1.005', '"10:20:30"', '"{x"', '["a",null,3]', '[{"k":1}]'],
];
const PEPPER = 'pepper of the test';

const column = fc.record(
  {
    from: fc.uniqueArray(fc.constantFrom(...KEYS), { minLength: 1, maxLength: 3 }),
    type: fc.constantFrom(...TYPES),
    required: fc.boolean(),
    null_if: fc.subarray(['na', '', '1', 'true']),
    rule: fc.constantFrom('none', 'none', 'min', 'max', 'accepted', 'pattern', 'max_length', 'default'),
    mask: fc.constantFrom('none', 'none', 'hash', 'partial', 'redact', 'drop'),
  },
  { requiredKeys: ['from', 'type', 'rule', 'mask'] },
);

const RULES: Record<string, Record<string, Partial<Columns[number]>>> = {
  min: { integer: { min: 0.5 }, bigint: { min: '2' }, double: { min: 0.5 }, date: { min: '2026-02-01' } },
  max: {
    integer: { max: 5 },
    'decimal(6,2)': { max: '2.505' },
    double: { max: 5.5 },
    time: { max: '10:00' },
  },
  accepted: { string: { accepted: ['x', '12', ''] }, integer: { accepted: ['1', '12'] } },
  pattern: { string: { pattern: '[a-z0-9]*|é.' } },
  max_length: { string: { max_length: 2 } },
  default: {
    string: { default: 'none', required: false },
    integer: { default: 7, required: false },
    'decimal(6,2)': { default: '1.5', required: false },
    'list(integer)': { default: '[4]', required: false },
  },
};
const MASKS: Record<string, Columns[number]['mask']> = {
  hash: { kind: 'hash', pepper: 'PEPPER' },
  partial: { kind: 'partial', keep: 2 },
  redact: { kind: 'redact' },
  drop: { kind: 'drop' },
};

const columns = fc.array(column, { minLength: 1, maxLength: 4 }).map(
  (all): Columns =>
    all.map(({ rule, mask, ...rest }, index) => {
      const masked = ['string', 'integer', 'bigint', 'date'].includes(rest.type) ? MASKS[mask] : undefined;
      return {
        ...rest,
        name: `column_${index}`,
        ...RULES[rule]?.[rest.type],
        ...(masked === undefined ? {} : { mask: masked }),
      };
    }),
);

const record: fc.Arbitrary<TextRecord> = fc.dictionary(fc.constantFrom(...KEYS), fc.constantFrom(...TOKENS));
const pages = fc.array(fc.array(record, { maxLength: 12 }), { minLength: 1, maxLength: 3 });
const key = fc.option(
  fc.record({ count: fc.integer({ min: 1, max: 2 }), keep: fc.constantFrom('first', 'last', 'latest') }),
);

/** A key of columns whose values stay apart under their masks; the newest by a whole number where there is one. */
function keyOf(declared: Columns, drawn: { count: number; keep: 'first' | 'last' | 'latest' } | null) {
  const usable = declared.filter(({ mask }) => mask === undefined || mask.kind === 'hash');
  if (drawn === null || usable.length === 0) return {};
  const by = usable.find(({ type, mask }) => mask === undefined && (type === 'integer' || type === 'bigint'));
  const latest = drawn.keep === 'latest' && by !== undefined;
  const keep = latest ? { keep: 'latest' as const, by: by.name } : { keep: 'last' as const };
  return {
    key: {
      columns: usable.slice(0, drawn.count).map(({ name }) => name),
      ...(drawn.keep === 'first' ? { keep: drawn.keep } : keep),
      max_duplicates: '100%',
    },
  };
}

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
      const job = writeJob({ columns: declared, load: undefined, ...keyOf(declared, drawn) });
      const secret = () => PEPPER;
      using rig = openRig(job, { secret });
      const work = await land(rig.context, { AA: records.map(documentOf) });
      const outcome = await runOne(upload, rig.context, work);
      const expected = reference(job, records, secret);
      const { files, quarantine, keyless } = uploaded(outcome);
      const published = files[0] === undefined ? [] : await rowsOf(rig.context, files[0]);
      const aside = quarantine === null ? [] : await rowsOf(rig.context, quarantine);
      const own = published.map(({ _pipegen_source_file, _pipegen_row_hash, ...row }) => row);
      expect(own).toEqual(expected.published);
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
    { numRuns: 20 },
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
