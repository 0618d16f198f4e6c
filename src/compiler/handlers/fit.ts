import { shapeOf, type TypeShape } from '../../spec/column-type.ts';
import { isValueOfType } from '../../spec/value-of-type.ts';
import type { Kind, ValueFact } from './handler-facts.ts';

/** Whether a column takes a value: a text may read as a number or not, which only the text itself tells. */
export type Fit = 'yes' | 'perhaps' | 'no';

const ALWAYS: readonly Kind[] = ['anything', 'null', 'undefined'];
const NUMBERS: readonly Kind[] = ['number', 'bigint'];

/** What upload takes as it is, as docs/columns.md says; a Date becomes a text before. */
const TAKES: Readonly<Record<TypeShape['kind'], readonly Kind[]>> = {
  string: ['text', 'number', 'bigint', 'boolean', 'date'],
  integer: NUMBERS,
  bigint: [...NUMBERS, 'text'],
  decimal: [...NUMBERS, 'text'],
  double: NUMBERS,
  boolean: ['boolean'],
  date: ['text', 'date'],
  timestamp: ['text', 'date'],
  local_timestamp: ['text', 'date'],
  time: ['text'],
  json: ['text', 'number', 'bigint', 'boolean', 'date', 'list', 'object'],
  list: ['list'],
};

/** The worst of what a value may be; null and undefined are another matter. */
export function fitOf(type: string, value: ValueFact): Fit {
  const shape = shapeOf(type);
  const fits = value.kinds.map((kind): Fit => {
    if (ALWAYS.includes(kind) || TAKES[shape.kind].includes(kind)) return 'yes';
    return kind === 'text' ? 'perhaps' : 'no';
  });
  for (const literal of shape.kind === 'json' ? [] : value.literals) {
    fits.push(isValueOfType(type, literal) ? 'yes' : 'no');
  }
  if (shape.kind === 'list' && value.items !== undefined) {
    // Only at the top a Date becomes a date: in a list it is the text of its instant.
    const instants = shape.of.kind === 'date' && value.items.kinds.includes('date');
    fits.push(instants ? 'no' : fitOf(ofList(type), value.items));
  }
  return (['no', 'perhaps'] as const).find((one) => fits.includes(one)) ?? 'yes';
}

function ofList(type: string): string {
  return type.slice('list('.length, -1);
}

/** `null`, `undefined`, both of them, or nothing. */
export function missingIn(value: ValueFact): string | undefined {
  const found = (['null', 'undefined'] as const).filter((kind) => value.kinds.includes(kind));
  return found.length === 0 ? undefined : found.join(' or ');
}

/** How a handler may return a value of a column, as a person would write it. */
export function returnedAs(type: string): string {
  const shape = shapeOf(type);
  switch (shape.kind) {
    case 'string':
    case 'boolean':
      return `a ${shape.kind}`;
    case 'integer':
    case 'bigint':
    case 'double':
      return 'a number or bigint';
    case 'decimal':
      return 'a number, or a text with its digits';
    case 'date':
      return 'a text such as 2026-01-31';
    case 'timestamp':
    case 'local_timestamp':
      return 'a Date, or a text such as 2026-01-31T10:00:00Z';
    case 'time':
      return 'a text such as 10:20:30';
    case 'json':
      return 'a value that JSON has a word for';
    case 'list':
      return `a list of ${ofList(type)}`;
  }
}
