import { NAME } from '../../../../spec/names.ts';
import { jsonPointer } from '../../../sql/json-pointer.ts';
import type { UploadColumn } from '../new-column.ts';
import type { FieldKind } from './field.ts';

/** A field that no column reads. */
export interface UnreadField {
  readonly keys: readonly string[];
  readonly kinds: readonly FieldKind[];
}

export interface NewColumns {
  readonly columns: readonly UploadColumn[];
  /** Fields that get no column, since another has its name. */
  readonly refused: readonly { readonly field: string; readonly name: string }[];
}

/**
 * A text column for each field that holds values other than objects, whose own fields are in the list: a list is its
 * JSON. Always text, so that a field which changes its type tomorrow still fits into the table.
 *
 * @param csv whether the name of a field stands as it is
 */
export function newColumns(
  unread: readonly UnreadField[],
  declared: readonly UploadColumn[],
  csv: boolean,
): NewColumns {
  const taken = new Set(declared.map(({ name }) => name));
  const columns: UploadColumn[] = [];
  const refused: { field: string; name: string }[] = [];
  for (const { keys, kinds } of unread) {
    if (kinds.every((kind) => kind === 'object')) continue;
    const name = columnName(keys);
    const field = jsonPointer(keys);
    if (taken.has(name) || !NAME.test(name)) {
      refused.push({ field, name });
      continue;
    }
    taken.add(name);
    const from = [csv ? keys.join('') : field];
    columns.push({ name, from, type: 'string', required: false, null_if: [], added: true });
  }
  return { columns, refused };
}

/** `departure.actualRunway` → `departure_actual_runway`. */
export function columnName(keys: readonly string[]): string {
  const words = keys
    .join('_')
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '');
  return (/^[a-z]/.test(words) ? words : `field_${words}`).slice(0, 63);
}
