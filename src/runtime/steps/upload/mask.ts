import { createHash } from 'node:crypto';
import type { JobColumn } from '../../../spec/job.ts';
import { peppersIn } from '../../../spec/mask.ts';
import { REDACTED } from '../../redact.ts';
import { jsonPointer } from '../../sql/json-pointer.ts';
import { literal } from '../../sql/quote.ts';

/** Bytes of a block of SHA-256; RFC 2104. */
const BLOCK = 64;

/** Masks as SQL. The peppers are in `values`, bound to every statement that holds a mask, and never in its text. */
export class Masks {
  /** For `$1`, `$2`, …: of each pepper the inner and the outer key of HMAC. */
  readonly values: Uint8Array[];
  readonly #peppers: readonly string[];

  constructor(columns: readonly JobColumn[], secret: (variable: string) => string) {
    this.#peppers = peppersIn(columns);
    this.values = this.#peppers.flatMap((variable) => {
      const key = keyOf(secret(variable));
      return [0x36, 0x5c].map((pad) => key.map((byte) => byte ^ pad));
    });
  }

  /** @param text SQL of the value as text; NULL stays NULL */
  masked({ mask }: Pick<JobColumn, 'mask'>, text: string): string {
    switch (mask?.kind) {
      case undefined:
        return text;
      case 'hash': {
        const at = this.#peppers.indexOf(mask.pepper) * 2 + 1;
        return `sha256(CAST($${at + 1} AS BLOB) || unhex(sha256(CAST($${at} AS BLOB) || encode(${text}))))`;
      }
      case 'partial':
        return `CASE WHEN length(${text}) > ${mask.keep} THEN '${REDACTED}' || right(${text}, ${mask.keep})
    WHEN ${text} IS NOT NULL THEN '${REDACTED}' END`;
      default:
        return `CASE WHEN ${text} IS NOT NULL THEN '${REDACTED}' END`;
    }
  }
}

function keyOf(pepper: string): Uint8Array {
  const bytes = Buffer.from(pepper);
  const short = bytes.length > BLOCK ? createHash('sha256').update(bytes).digest() : bytes;
  const key = new Uint8Array(BLOCK);
  key.set(short);
  return key;
}

/**
 * SQL of a record with `***` in place of a field. Where something on the way to it is no object, that is hidden: a
 * field that the source has moved must not appear because of it.
 */
export function withoutField(record: string, keys: readonly string[]): string {
  const patch = (length: number) =>
    `json_merge_patch(${record}, ${literal(JSON.stringify(nested(keys.slice(0, length))))})`;
  const above = keys
    .slice(0, -1)
    .map(
      (_, index) =>
        `WHEN json_type(${record}, ${literal(jsonPointer(keys.slice(0, index + 1)))}) NOT IN ('OBJECT', 'NULL') THEN ${patch(index + 1)}`,
    );
  const whole = literal(JSON.stringify(REDACTED));
  return `CASE WHEN json_type(${record}) <> 'OBJECT' THEN CAST(${whole} AS JSON) ${above.join(' ')}
    WHEN json_exists(${record}, ${literal(jsonPointer(keys))}) THEN ${patch(keys.length)} ELSE ${record} END`;
}

function nested(keys: readonly string[]): unknown {
  return keys.reduceRight<unknown>((value, key) => ({ [key]: value }), REDACTED);
}
