import { z } from 'zod';

export const SCALAR_TYPES = [
  'string',
  'integer',
  'bigint',
  'double',
  'boolean',
  'date',
  'timestamp',
  'local_timestamp',
  'time',
  'json',
] as const;

/** A type taken apart. */
export type TypeShape =
  | { readonly kind: (typeof SCALAR_TYPES)[number] }
  | { readonly kind: 'decimal'; readonly precision: number; readonly scale: number }
  | { readonly kind: 'list'; readonly of: TypeShape };

/** As it is written: `string`, `decimal(12,4)`, `list(integer)`. */
export type ColumnType = string;

/** Digits that a decimal may have; more fit into no warehouse’s. */
const MAX_PRECISION = 38;

const ELEMENT = `(?:${SCALAR_TYPES.join('|')}|decimal\\([0-9]{1,2}, ?[0-9]{1,2}\\))`;
const TYPE = new RegExp(`^(?:${ELEMENT}|list\\(${ELEMENT}\\))$`);

/** As a choice, so that a mistake is answered with the nearest type. */
const CHOICES = [...SCALAR_TYPES, 'decimal(12,4)', 'list(string)'];

export const columnType = z
  .string()
  .superRefine((type, context) => {
    if (!TYPE.test(type)) context.addIssue({ code: 'invalid_value', values: CHOICES, input: type });
    else if (!isPossible(shapeOf(type))) {
      const message = 'must have 1 to 38 digits, of which no more stand behind the point than there are';
      context.addIssue({ code: 'custom', message, input: type });
    }
  })
  .meta({ pattern: TYPE.source });

function isPossible(shape: TypeShape): boolean {
  if (shape.kind === 'list') return isPossible(shape.of);
  if (shape.kind !== 'decimal') return true;
  return shape.precision >= 1 && shape.precision <= MAX_PRECISION && shape.scale <= shape.precision;
}

/** @throws TypeError for a text that `columnType` would refuse */
export function shapeOf(type: ColumnType): TypeShape {
  const list = /^list\((.*)\)$/.exec(type);
  if (list !== null) return { kind: 'list', of: shapeOf(list[1] ?? '') };
  const decimal = /^decimal\(([0-9]+), ?([0-9]+)\)$/.exec(type);
  if (decimal !== null) return { kind: 'decimal', precision: Number(decimal[1]), scale: Number(decimal[2]) };
  const kind = SCALAR_TYPES.find((one) => one === type);
  if (kind === undefined) throw new TypeError(`${type} is no type of a column`);
  return { kind };
}

/** Types that have an order which a bound can name. */
export function isOrdered(type: ColumnType): boolean {
  return !['string', 'boolean', 'json', 'list'].includes(shapeOf(type).kind);
}
