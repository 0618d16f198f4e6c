import { shapeOf } from '../../../spec/column-type.ts';
import type { JobColumn } from '../../../spec/job.ts';
import { configuration } from '../../errors.ts';
import { literal } from '../../sql/quote.ts';
import { cast } from './cast.ts';

/** Beyond this a whole number is greater than any column's. */
const GREATEST = 10n ** 38n - 1n;

/**
 * A bound as SQL that compares exactly with the column's values. Between two values that a column can have, it is
 * the nearer one that `round` says: `min: 0.5` of an integer is 1.
 */
export function bound({ name, type }: JobColumn, value: number | string, round: 'up' | 'down'): string {
  const shape = shapeOf(type);
  switch (shape.kind) {
    case 'double':
      return `CAST(${literal(String(numberOf(name, value)))} AS DOUBLE)`;
    case 'integer':
    case 'bigint':
      return `CAST('${scaled(name, value, 0, round)}' AS DECIMAL(38,0))`;
    case 'decimal': {
      const whole = scaled(name, value, shape.scale, round);
      return `CAST('${whole}e-${shape.scale}' AS DECIMAL(38,${shape.scale}))`;
    }
    case 'date':
    case 'time':
    case 'timestamp':
    case 'local_timestamp':
      return cast(type, { text: literal(String(value)), kind: "'VARCHAR'" });
    default:
      throw configuration(
        `column ${name}: min and max are for numbers, dates and times, not for ${type}: remove them or change the type`,
      );
  }
}

function numberOf(name: string, value: number | string): number {
  const number = typeof value === 'number' ? value : Number(value.trim() === '' ? Number.NaN : value);
  if (Number.isFinite(number)) return number;
  throw configuration(`column ${name}: the bound "${value}" is not a number`);
}

/** The bound times 10^scale as a whole number, without a detour through floating point. */
function scaled(name: string, value: number | string, scale: number, round: 'up' | 'down'): bigint {
  const parts = /^([+-]?)([0-9]+)(?:[.]([0-9]+))?(?:e([+-]?[0-9]+))?$/i.exec(String(value));
  if (parts === null) throw configuration(`column ${name}: the bound "${value}" is not a number`);
  const [, sign, whole = '', fraction = '', exponent = '0'] = parts;
  const digits = BigInt(whole + fraction);
  const shift = scale - fraction.length + Number(exponent);
  // More digits than any number of a column has are one too large or nothing, however many there are.
  const limited = Math.max(-400, Math.min(400, shift));
  const power = 10n ** BigInt(Math.abs(limited));
  const size = limited >= 0 ? digits * power : digits / power;
  const rest = limited < 0 && digits % power !== 0n;
  const negative = sign === '-';
  const outward = rest && (round === 'up') !== negative ? 1n : 0n;
  const clamped = size + outward > GREATEST ? GREATEST : size + outward;
  return negative ? -clamped : clamped;
}
