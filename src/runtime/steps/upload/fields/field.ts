/** What a field can hold; null is none of them. */
export const KINDS = ['text', 'number', 'boolean', 'list', 'object'] as const;
export type FieldKind = (typeof KINDS)[number];

/** A field of the source by its keys, and the kinds that its values have; none where it is always null. */
export interface Field {
  readonly keys: readonly string[];
  readonly kinds: readonly FieldKind[];
}

/** Fields by their pointer, such as `/departure/iata`. */
export type Fields = Readonly<Record<string, readonly FieldKind[]>>;

/** What `json_type` and `json_structure` say, in our words; undefined for null. */
export function kindOf(type: string): FieldKind | undefined {
  if (type === 'NULL') return undefined;
  if (type === 'VARCHAR') return 'text';
  if (type === 'BOOLEAN') return 'boolean';
  if (type === 'OBJECT') return 'object';
  return type === 'ARRAY' ? 'list' : 'number';
}
