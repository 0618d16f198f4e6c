import { expect, test } from 'vitest';
import { upload } from '../../../src/runtime/steps/upload.ts';
import type { ColumnType } from '../../../src/spec/column.ts';
import { land, openRig, rowsOf, runOne, uploaded, writeJob } from './rig.ts';

/** JSON of a value as the API writes it: what becomes of it as this type; undefined for wrong_type. */
const CASTS: readonly (readonly [ColumnType, string, string | number | boolean | null | undefined])[] = [
  ['string', '"text"', 'text'],
  ['string', '""', ''],
  ['string', '12', '12'],
  ['string', '18446744073709551616', '18446744073709551616'],
  ['string', 'true', 'true'],
  ['string', '"a\\u0000b"', 'a\0b'],
  ['string', '"\'; DROP TABLE stage; --"', "'; DROP TABLE stage; --"],
  ['string', '"é😀\\n\\""', 'é😀\n"'],
  ['string', 'null', null],
  ['string', '{"a":1}', undefined],
  ['string', '[1]', undefined],
  ['integer', '12', '12'],
  ['integer', '-12', '-12'],
  ['integer', '12.0', '12'],
  ['integer', '1e3', '1000'],
  ['integer', '"12"', '12'],
  ['integer', '"+12"', '12'],
  ['integer', '12.7', undefined],
  ['integer', '"12.7"', undefined],
  ['integer', '9007199254740993', '9007199254740993'],
  ['integer', '"9007199254740993"', '9007199254740993'],
  ['integer', '9223372036854775807', '9223372036854775807'],
  ['integer', '-9223372036854775808', '-9223372036854775808'],
  ['integer', '9223372036854775808', undefined],
  ['integer', '9007199254740993.0', undefined],
  ['integer', '1e400', undefined],
  ['integer', '""', undefined],
  ['integer', '" 12"', undefined],
  ['integer', '"1_000"', undefined],
  ['integer', '"0x10"', undefined],
  ['integer', 'true', undefined],
  ['integer', 'null', null],
  ['double', '1.5', 1.5],
  ['double', '"1.5e3"', 1500],
  ['double', '2', 2],
  ['double', '1e400', undefined],
  ['double', '"nan"', undefined],
  ['double', '"Infinity"', undefined],
  ['double', '""', undefined],
  ['boolean', 'true', true],
  ['boolean', 'false', false],
  ['boolean', '"false"', false],
  ['boolean', '1', undefined],
  ['boolean', '"yes"', undefined],
  ['boolean', '""', undefined],
  ['date', '"2026-01-31"', '2026-01-31'],
  ['date', '"2024-02-29"', '2024-02-29'],
  ['date', '"2026-02-29"', undefined],
  ['date', '"2026-1-31"', undefined],
  ['date', '"2026-01-31T00:00:00Z"', undefined],
  ['date', '20260131', undefined],
  ['date', '""', undefined],
  ['timestamp', '"2026-01-31T10:00:00Z"', '2026-01-31 10:00:00'],
  ['timestamp', '"2026-01-31T10:00:00+05:30"', '2026-01-31 04:30:00'],
  ['timestamp', '"2026-01-31T10:00:00.25-0800"', '2026-01-31 18:00:00.25'],
  ['timestamp', '"2026-01-31T10:00:00"', '2026-01-31 10:00:00'],
  ['timestamp', '"2026-01-31 10:00"', '2026-01-31 10:00:00'],
  ['timestamp', '"2026-01-31"', undefined],
  ['timestamp', '"2026-01-31T25:00:00Z"', undefined],
  ['timestamp', '"2026-02-30T10:00:00Z"', undefined],
  ['timestamp', '"2026-01-31T10:00:00+25:00"', undefined],
  ['timestamp', '"infinity"', undefined],
  ['timestamp', '1769853600', undefined],
  ['local_timestamp', '"2026-01-31T10:00:00+00:00"', '2026-01-31 10:00:00'],
  ['local_timestamp', '"2026-01-31T10:00:00-08:00"', '2026-01-31 10:00:00'],
  ['local_timestamp', '"2026-01-31T10:00:00Z"', '2026-01-31 10:00:00'],
  ['local_timestamp', '"2026-01-31T10:00:00"', '2026-01-31 10:00:00'],
  ['local_timestamp', '"2026-03-29T02:30:00+00:00"', '2026-03-29 02:30:00'],
  ['local_timestamp', '"10:00"', undefined],
];

const TYPES = [...new Set(CASTS.map(([type]) => type))];

test.each(TYPES)('a %s is read strictly', async (type) => {
  const cases = CASTS.filter(([one]) => one === type);
  using rig = openRig(writeJob({ columns: [{ name: 'value', from: ['v'], type }] }));
  const document = `{"data":[${cases.map(([, json]) => `{"v":${json}}`).join(',')}]}`;
  const outcome = await runOne(upload, rig.context, await land(rig.context, { AA: [document] }));
  const { files, quarantine } = uploaded(outcome);
  const published = files[0] === undefined ? [] : await rowsOf(rig.context, files[0]);
  const expected = cases.filter(([, , value]) => value !== undefined);
  expect(published.map((row) => row.value)).toEqual(expected.map(([, , value]) => value));
  const aside = quarantine === null ? [] : await rowsOf(rig.context, quarantine);
  const refused = cases.flatMap(([, json, value], index) => (value === undefined ? [{ json, index }] : []));
  expect(aside.map((row) => [row.reason, row.column, Number(row.position)])).toEqual(
    refused.map(({ index }) => ['wrong_type', 'value', index + 1]),
  );
});
