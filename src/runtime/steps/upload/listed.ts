import { jsonPointer } from '../../sql/json-pointer.ts';
import { identifier, literal } from '../../sql/quote.ts';
import { LEFT_OUT } from './transform/row-text.ts';

/** Lines `{"p":POSITION,"v":[…]}`, which have the values of the listed fields alone, as SQL. */

/** The list as the fields that `json_transform` makes of an object, by this structure. */
export function listedFields(structure: string, listed: readonly string[]): string {
  const fields = Object.entries(JSON.parse(structure) as Record<string, string>).map(([name, leaf]) => {
    const place = leaf === 'VARCHAR' ? listed.indexOf(name) : -1;
    const value =
      place < 0 ? `CAST(NULL AS ${leaf})` : `nullif(_parts.v[${place + 1}], ${literal(LEFT_OUT)})`;
    return `${identifier(name)} := ${value}`;
  });
  return `struct_pack(${fields.join(', ')})`;
}

/** What `json_type` calls the value of a field; NULL in a line that has no list. */
export function listedKind(name: string, listed: readonly string[]): string | undefined {
  const place = listed.indexOf(name);
  return place < 0 ? undefined : `json_type(_line, ${pointer(place)})`;
}

/** The row as the transform returned it, as JSON. */
export function listedRecord(listed: readonly string[]): string {
  const leftOut = literal(JSON.stringify(LEFT_OUT));
  const fields = listed.map((name, place) => {
    const value = `nullif(CAST(json_extract(_line, ${pointer(place)}) AS VARCHAR), ${leftOut})`;
    return `${literal(`${JSON.stringify(name)}:`)} || ${value}`;
  });
  return `CAST(concat('{', concat_ws(',', ${fields.join(', ')}), '}') AS JSON)`;
}

function pointer(place: number): string {
  return literal(`/v${jsonPointer([String(place)])}`);
}
