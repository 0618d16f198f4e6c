import type { Node, Symbol as Property, Type } from 'ts-morph';
import type { FieldFact, ReturnFact, Span } from '../../compiler/handlers/handler-facts.ts';
import type { Morph } from './morph.ts';
import type { Returned } from './returned.ts';
import { isList, membersOf, typeText, valueFact } from './value-fact.ts';

/** What upload takes for more rows; the first argument is what it holds. */
const ITERABLES =
  /^(Async)?(Generator|Iterable|IterableIterator|Iterator|IteratorObject)$|^(Array|Set|Map)Iterator$/;
const PROMISES = /^Promise(Like)?$/;

/** What a transform gives back at one place, as facts; nothing of what leaves a record out or can't be told. */
export function returnFacts(
  morph: Morph,
  { node, type, item }: Returned,
  spanOf: (node: Node) => Span | undefined,
  around: Span,
): ReturnFact[] {
  const at = spanOf(node) ?? around;
  return membersOf(type).flatMap((one): ReturnFact[] => {
    if (one.isAny() || one.isUnknown() || one.isNever() || one.isVoid() || one.isTypeParameter()) return [];
    if (one.isNull() || one.isUndefined())
      return item ? [{ kind: 'not_a_row', at, type: typeText(one) }] : [];
    const name = one.getSymbol()?.getName() ?? '';
    const inside = (types: readonly Type[], asItem: boolean) =>
      types.flatMap((inner) => returnFacts(morph, { node, type: inner, item: asItem }, spanOf, around));
    if (PROMISES.test(name)) return inside(one.getTypeArguments(), item);
    if (!item && isList(one)) return inside(elementsOf(one), true);
    if (!item && ITERABLES.test(name)) return inside(one.getTypeArguments().slice(0, 1), true);
    const empty = morph.Node.isObjectLiteralExpression(node) && node.getProperties().length === 0;
    const [kind] = valueFact(one).kinds;
    if (kind === 'object' || empty || one.isIntersection()) return [rowFact(morph, one, node, spanOf, at)];
    return kind === 'anything' ? [] : [{ kind: 'not_a_row', at, type: typeText(one) }];
  });
}

function rowFact(
  { Node }: Morph,
  type: Type,
  node: Node,
  spanOf: (node: Node) => Span | undefined,
  at: Span,
): ReturnFact {
  const fields: [string, FieldFact][] = type.getProperties().map((property) => {
    const declared = property.getValueDeclaration();
    const name = declared !== undefined && Node.hasName(declared) ? declared.getNameNode() : undefined;
    const place = name === undefined ? undefined : spanOf(name);
    return [property.getName(), { ...valueFact(typeOf(property)), at: place ?? at }];
  });
  const iterable = type.getProperties().some((one) => /^__@(async)?iterator/i.test(one.getEscapedName()));
  const open = iterable || type.getStringIndexType() !== undefined;
  return { kind: 'row', at, fields: Object.fromEntries(fields), open };

  /** Of an object that stands right there the value itself: in `{ delay: 'late' }` it is more than a text. */
  function typeOf(property: Property): Type {
    const declared = property.getValueDeclaration();
    const written = Node.isPropertyAssignment(declared) && declared.getParent() === node;
    return (written ? declared.getInitializer()?.getType() : undefined) ?? property.getTypeAtLocation(node);
  }
}

function elementsOf(type: Type): Type[] {
  return type.isTuple() ? type.getTupleElements() : [type.getArrayElementTypeOrThrow()];
}
