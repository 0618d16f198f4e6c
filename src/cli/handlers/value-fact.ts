import type { Type } from 'ts-morph';
import type { Kind, ValueFact } from '../../compiler/handlers/handler-facts.ts';

type Literal = ValueFact['literals'][number];

/** Lists in lists that are looked into: a column has one level, and a type may hold itself. */
const DEEPEST = 3;
/** Longer types say no more to a person. */
const LONGEST = 80;

/** What a value of a type may be. */
export function valueFact(type: Type, depth = 0): ValueFact {
  const kinds = new Set<Kind>();
  const literals = new Set<Literal>();
  const items: Type[] = [];
  for (const one of membersOf(type)) {
    const literal = literalOf(one);
    if (literal !== undefined) literals.add(literal);
    else kinds.add(kindOf(one));
    if (one.isTuple()) items.push(...one.getTupleElements());
    else if (isList(one)) items.push(one.getArrayElementTypeOrThrow());
  }
  const first = items[0];
  return {
    type: typeText(type),
    kinds: [...kinds],
    literals: [...literals],
    // Of several kinds of lists and of tuples nothing more is told.
    ...(first !== undefined && items.length === 1 && depth < DEEPEST
      ? { items: valueFact(first, depth + 1) }
      : {}),
  };
}

export function typeText(type: Type): string {
  // Without the paths of the files that types are imported from.
  const text = type
    .getText()
    .replace(/import\("[^"]*"\)\./g, '')
    .replace(/\s+/g, ' ');
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

/** The types of a union, or the one that it is; `boolean` stays one. */
export function membersOf(type: Type): Type[] {
  return type.isUnion() && !type.isBoolean() ? type.getUnionTypes() : [type];
}

export function isList(type: Type): boolean {
  return type.isArray() || type.isReadonlyArray() || type.isTuple();
}

function literalOf(type: Type): Literal | undefined {
  if (type.isBooleanLiteral()) return type.getText() === 'true';
  if (!type.isStringLiteral() && !type.isNumberLiteral()) return undefined;
  const value = type.getLiteralValue();
  return typeof value === 'string' || typeof value === 'number' ? value : undefined;
}

function kindOf(type: Type): Kind {
  if (type.isString() || type.isTemplateLiteral()) return 'text';
  if (type.isNumber()) return 'number';
  if (type.isBigInt() || type.isBigIntLiteral()) return 'bigint';
  if (type.isBoolean()) return 'boolean';
  if (type.isNull()) return 'null';
  if (type.isUndefined() || type.isVoid()) return 'undefined';
  if (isList(type)) return 'list';
  if (type.isIntersection()) return kindOfIntersection(type.getIntersectionTypes());
  if (!type.isObject()) return type.isNever() ? 'undefined' : 'anything';
  const name = type.getSymbol()?.getName();
  if (name === 'Date') return 'date';
  if (type.getCallSignatures().length > 0 || UNFIT.has(name ?? '')) return 'unfit';
  return type.getProperties().length === 0 && type.getStringIndexType() === undefined ? 'anything' : 'object';
}

/** A text with a brand is a text. */
function kindOfIntersection(types: readonly Type[]): Kind {
  const kinds = types.map(kindOf);
  return (['text', 'number', 'bigint'] as const).find((one) => kinds.includes(one)) ?? 'anything';
}

/** Refused by upload: JSON would lose what they hold. */
const UNFIT = new Set([
  'Map',
  'Set',
  'ReadonlyMap',
  'ReadonlySet',
  'WeakMap',
  'WeakSet',
  'Promise',
  'Uint8Array',
  'Buffer',
]);
