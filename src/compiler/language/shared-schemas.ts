import type { Schema } from './json-schema.ts';

/** Shorter ones are read more easily where they are used. */
const MIN_LENGTH = 400;

/**
 * The same schema with what it says more than once said in `definitions`: of alerts alone there would be twenty copies.
 * What a definition is called follows from the key under which it comes first.
 */
export function withSharedSchemas(schema: Schema): Schema {
  const counts = new Map<string, number>();
  visit(schema, (one) => {
    const id = textOf(one);
    counts.set(id, (counts.get(id) ?? 0) + 1);
    // What is within a copy is counted once, or it would be a definition of its own.
    return counts.get(id) === 1;
  });
  const names = new Map<string, string>();
  const shared: Record<string, Schema> = {};
  const taken = new Set(Object.keys((schema.definitions as object | undefined) ?? {}));

  const replace = (one: unknown, key: string): unknown => {
    if (Array.isArray(one)) return one.map((item) => replace(item, key));
    if (one === null || typeof one !== 'object') return one;
    const found = one as Schema;
    const id = isSchema(found) ? textOf(found) : '';
    if (id.length < MIN_LENGTH || (counts.get(id) ?? 0) < 2) return inside(found, key);
    const known = names.get(id);
    const name = known ?? freeName(key, taken);
    if (known === undefined) {
      taken.add(name);
      names.set(id, name);
      const { description: _, default: __, ...rest } = found;
      shared[name] = inside(rest, key) as Schema;
    }
    const reference = { $ref: `#/definitions/${name}` };
    const { description, default: value } = found;
    if (description === undefined && value === undefined) return reference;
    return {
      ...(description === undefined ? {} : { description }),
      ...(value === undefined ? {} : { default: value }),
      allOf: [reference],
    };
  };
  const inside = (one: Schema, key: string): unknown =>
    Object.fromEntries(
      Object.entries(one).map(([word, value]) => [
        word,
        DATA.has(word) ? value : replace(value, GROUPS.has(word) ? key : word),
      ]),
    );
  const { definitions, ...root } = inside(schema, 'spec') as Schema & { definitions: object };
  return { ...root, definitions: { ...definitions, ...shared } } as Schema;
}

/** Words of JSON Schema, under which the key of the language stays what it was. */
const GROUPS: ReadonlySet<string> = new Set(
  'properties definitions additionalProperties items anyOf oneOf allOf propertyNames if then else'.split(' '),
);

/** Words whose values are values of the language and no schemas. */
const DATA: ReadonlySet<string> = new Set(['default', 'examples', 'enum', 'const', 'required']);

function isSchema(one: Schema): boolean {
  return one.properties !== undefined || one.oneOf !== undefined || one.anyOf !== undefined;
}

function textOf({ description: _, default: __, ...rest }: Schema): string {
  return JSON.stringify(rest);
}

function freeName(key: string, taken: ReadonlySet<string>): string {
  if (!taken.has(key)) return key;
  for (let number = 2; ; number += 1) if (!taken.has(`${key}_${number}`)) return `${key}_${number}`;
}

function visit(one: unknown, see: (schema: Schema) => boolean): void {
  if (one === null || typeof one !== 'object') return;
  if (Array.isArray(one)) {
    for (const item of one) visit(item, see);
    return;
  }
  if (isSchema(one as Schema) && !see(one as Schema)) return;
  for (const [word, value] of Object.entries(one)) if (!DATA.has(word)) visit(value, see);
}
