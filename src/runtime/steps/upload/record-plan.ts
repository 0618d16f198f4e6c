import { jsonPointer } from '../../sql/json-pointer.ts';
import { identifier, literal } from '../../sql/quote.ts';
import { listedKind } from './listed.ts';
import type { SourcePath } from './source-path.ts';

/** SQL of one place of a column. */
export interface Candidate {
  /** The value as text, that of a list or an object as JSON; NULL where there is none. */
  readonly text: string;
  /** What `json_type` calls the value; costs another reading of the record, so it is asked for in rare cases alone. */
  readonly kind: string;
}

/** How the record of a `_line` is taken apart: `json_transform(…) AS _fields`, and where each value is in it. */
export interface RecordPlan {
  /** For `json_transform`, as JSON. */
  readonly structure: string;
  /** What is taken out of it, as texts; some of the columns' places. */
  readonly fields: readonly string[];
  /** In the order of the columns and of their paths. */
  readonly candidates: readonly (readonly Candidate[])[];
}

/** VARCHAR gives texts without their quotes, JSON with them. */
type Leaf = 'VARCHAR' | 'JSON';
interface Tree {
  [key: string]: Tree | Leaf;
}

/**
 * One pass of `json_transform` takes all fields out of a page; each pointer would read its record again. By pointer
 * is taken what that function can't: an item of a list, a field and what is below it, fields that differ in case.
 *
 * @param leaf of each column: JSON for lists and JSON itself
 * @param parents expressions by their place in `_parent`
 * @param listed fields whose values some lines have in a list
 */
export function planRecords(
  columns: readonly { readonly paths: readonly SourcePath[]; readonly leaf: Leaf }[],
  parents: readonly string[],
  listed: readonly string[] = [],
): RecordPlan {
  const tree: Tree = {};
  const fields: string[] = [];
  const candidates = columns.map(({ paths, leaf }) =>
    paths.map((path): Candidate => {
      if (path.kind === 'parent') {
        return { text: `_parent[${parents.indexOf(path.expression) + 1}]`, kind: "'VARCHAR'" };
      }
      const pointer = literal(`/r${jsonPointer(path.keys)}`);
      const inList = path.keys.length === 1 ? listedKind(path.keys[0] ?? '', listed) : undefined;
      const inObject = `json_type(_line, ${pointer})`;
      const kind = inList === undefined ? inObject : `coalesce(${inObject}, ${inList})`;
      if (place(tree, path.keys, leaf)) {
        // As a text: a CASE over JSON and texts would make JSON of both.
        const value = access(path.keys);
        const text = leaf === 'JSON' ? `CAST(${value} AS VARCHAR)` : value;
        fields.push(text);
        return { text, kind };
      }
      return { text: leaf === 'JSON' ? jsonAt(pointer) : `json_extract_string(_line, ${pointer})`, kind };
    }),
  );
  // A structure needs a field.
  const structure = Object.keys(tree).length === 0 ? { _: 'VARCHAR' } : tree;
  return { structure: JSON.stringify(structure), fields, candidates };
}

function access(keys: readonly string[]): string {
  return ['_fields', ...keys.map(identifier)].join('.');
}

function jsonAt(pointer: string): string {
  return `nullif(CAST(json_extract(_line, ${pointer}) AS VARCHAR), 'null')`;
}

/** False where the path must be taken by pointer. */
function place(tree: Tree, keys: readonly string[], leaf: Leaf): boolean {
  const last = keys.length - 1;
  if (keys.some((key) => key === '' || key.includes('\0') || /^[0-9]+$/.test(key))) return false;
  let node = tree;
  const steps: [Tree, string, Tree | Leaf][] = [];
  for (const [index, key] of keys.entries()) {
    const found = node[key];
    const twin = Object.keys(node).some((one) => one !== key && one.toLowerCase() === key.toLowerCase());
    if (twin) return false;
    if (index === last) {
      if (found !== undefined) return found === leaf;
      steps.push([node, key, leaf]);
    } else if (found === undefined) {
      const below: Tree = {};
      steps.push([node, key, below]);
      node = below;
    } else if (typeof found === 'string') return false;
    else node = found;
  }
  for (const [parent, key, value] of steps) parent[key] = value;
  return true;
}
