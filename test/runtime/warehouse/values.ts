import type { WarehouseColumn } from '../../../src/runtime/ports/warehouse.ts';
import type { Row } from './rig.ts';

/** One column of every type. */
export const TYPED: readonly WarehouseColumn[] = [
  { name: 'id', type: 'integer' },
  { name: 'note', type: 'string' },
  { name: 'big', type: 'bigint' },
  { name: 'ratio', type: 'double' },
  { name: 'price', type: 'decimal(38,10)' },
  { name: 'fare', type: 'decimal(12,4)' },
  { name: 'late', type: 'boolean' },
  { name: 'day', type: 'date' },
  { name: 'moment', type: 'timestamp' },
  { name: 'local_moment', type: 'local_timestamp' },
  { name: 'clock', type: 'time' },
  { name: 'extra', type: 'json' },
  { name: 'tags', type: 'list(string)' },
  { name: 'sizes', type: 'list(integer)' },
];

const NINES = '9'.repeat(38);

/** What each type can hold at its ends, in the form that `Rig.rows` gives back. */
export const EXTREMES: readonly Row[] = [
  {
    ...{ id: '-9223372036854775808', note: '', big: NINES, ratio: '5e-324' },
    ...{ price: `${NINES.slice(10)}.9999999999`, fare: '-99999999.9999', late: 'true', day: '0001-01-01' },
    ...{ moment: '0001-01-01 00:00:00.000000', local_moment: '1969-12-31 23:59:59.999999' },
    ...{ clock: '00:00:00.000000', extra: '{"big":9007199254740993}', tags: '[]', sizes: '[1,null,3]' },
  },
  {
    ...{ id: '9223372036854775807', note: '\\N', big: `-${NINES}`, ratio: '1.7976931348623157e+308' },
    ...{ price: '0.0000000001', fare: '0.0001', late: 'false', day: '9999-12-31' },
    ...{ moment: '9999-12-31 23:59:59.999999', local_moment: '2026-03-29 02:30:00.000001' },
    ...{ clock: '23:59:59.999999', extra: '[{"a":null},"x"]', tags: '["a","","null",null]', sizes: '[]' },
  },
  {
    ...{ id: '9007199254740993', note: 'null', big: '0', ratio: '-0.1', price: '-1.5000000000' },
    ...{ fare: '12.5000', late: null, day: '1970-01-01', moment: '2026-01-31 06:00:00.123456' },
    ...{ local_moment: null, clock: '12:00:00.000001', extra: '"text"', tags: null, sizes: '[-1]' },
  },
  Object.fromEntries(TYPED.map(({ name }) => [name, null])),
];

/** Texts that break out of SQL, of JSON, of a file of lines, or of a driver, where they are not bound or escaped. */
export const HOSTILE_TEXTS: readonly string[] = [
  `'); DROP TABLE "RAW"."AVIATION"."FLIGHTS"; --`,
  `" OR ""="`,
  `\\'; DELETE FROM flights; --`,
  `'' ; COMMIT; /* */ # //`,
  `:1 ? $1 \${partition} {{ run_id }} %s`,
  `line\nfeed\rreturn\ttab\u0001\u001f\u007f`,
  `NUL\u0000in the middle`,
  `é 漢字 😀 \u202eright to left\u202c \ufeff \u2028`,
  `\\x41 \\u0041 \\N \\0 \\`,
  `NULL`,
  ` spaces at both ends `,
];

/** No apostrophe, which the emulator does not survive in a name; lint lets none of these through. */
export const HOSTILE_NAMES: readonly string[] = [
  'select',
  'table',
  'order',
  'group',
  'at',
  'qualify',
  'null',
  'values',
  'semi;colon',
  'quote"d',
  'back\\slash',
  'ünïcode',
  'a b',
];
