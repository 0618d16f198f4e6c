import {
  call,
  dictionary,
  type Expression,
  imported,
  type Keywords,
  list,
  literal,
} from '../../python/expression.ts';

/** A typed object of the Kubernetes client: a plain dictionary would be passed on unchecked. */
export function model(type: string, fields: Keywords): Expression {
  return call(imported('kubernetes.client', `models.${type}`, 'k8s'), [], fields);
}

/** Types of the fields of a type; the fields that are not named hold texts, numbers, and lists and maps of them. */
export type ModelTypes = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** A value of the spec that is spelled as the Kubernetes client spells it, as typed objects all the way down. */
export function modelOf(value: object, type: string, types: ModelTypes): Expression {
  const fields = Object.entries(value).filter(([, one]) => one !== undefined);
  return model(
    type,
    fields.map(([field, one]) => [field, fieldOf(one, types[type]?.[field], types)]),
  );
}

function fieldOf(value: unknown, type: string | undefined, types: ModelTypes): Expression {
  if (Array.isArray(value)) return list(value.map((one) => fieldOf(one, type, types)));
  if (value !== null && typeof value === 'object') {
    if (type !== undefined) return modelOf(value, type, types);
    return dictionary(Object.entries(value).map(([key, one]) => [key, fieldOf(one, undefined, types)]));
  }
  return literal(value as string | number | boolean);
}
