import { type FieldKind, kindOf } from './field.ts';

/** Keys from the outermost that are looked at; what is deeper is one field. */
const DEPTH = 8;
/** Fields that are told apart; more are counted. */
export const MAX_FIELDS = 500;

/** A field as `json_group_structure` tells it. */
export interface FoundField {
  readonly keys: readonly string[];
  /** `mixed`: of several kinds, which must be asked for. */
  readonly kind: FieldKind | 'mixed' | undefined;
}

/**
 * Every field of a structure in its order, objects before what is in them. What is inside a list belongs to the list.
 */
export function fieldsOf(structure: unknown): { fields: FoundField[]; more: number } {
  const fields: FoundField[] = [];
  let more = 0;
  const visit = (value: unknown, keys: readonly string[]) => {
    if (!isObject(value)) return;
    for (const [key, inner] of Object.entries(value)) {
      const own = [...keys, key];
      const opened = isObject(inner) && own.length < DEPTH && Object.keys(inner).length > 0;
      if (fields.length < MAX_FIELDS)
        fields.push({ keys: own, kind: opened || !isObject(inner) ? kindIn(inner) : 'mixed' });
      else more += 1;
      if (opened) visit(inner, own);
    }
  };
  visit(structure, []);
  return { fields, more };
}

function kindIn(value: unknown): FoundField['kind'] {
  if (Array.isArray(value)) return 'list';
  if (isObject(value)) return 'object';
  return value === 'JSON' ? 'mixed' : kindOf(String(value));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
