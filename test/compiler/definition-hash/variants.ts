import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { at } from '../../../src/compiler/layers.ts';
import { environment } from '../../../src/spec/environment.ts';
import { defaults, pipeline } from '../../../src/spec/pipeline.ts';
import { secrets, source } from '../../../src/spec/source.ts';
import { FIELDS, type Field, matches } from './fields.ts';
import { leavesOf, placesOf } from './leaves.ts';

const SCHEMAS = { secrets, source, environment, defaults, pipeline };

/** Every field of the language, as a path. */
export const LEAVES = Object.entries(SCHEMAS).flatMap(([name, schema]) => leavesOf(schema, name));

/** Where in a spec the values of a schema stand. */
const ROOTS: Readonly<Record<string, readonly string[]>> = {
  secrets: ['secrets'],
  source: ['sources.*'],
  environment: ['environments.*'],
  defaults: ['defaults'],
  pipeline: ['pipelines.*', 'environments.*.overrides.*'],
};

/** A spec that has every field. */
export const SPEC: unknown = parse(readFileSync(new URL('every-field.yaml', import.meta.url), 'utf8'));

/** What stands beside the spec: the code of its handlers, and the digest of its image. */
export function readBeside(path: string): string {
  const code = 'export async function* read() {}\nexport function rows() {}\n';
  return path.endsWith('.ts') ? code : `sha256:${'3'.repeat(64)}`;
}

/** The row of the table. */
export function rowOf(leaf: string): Field | undefined {
  return FIELDS.find(([pattern]) => matches(pattern, leaf));
}

/** The first place of the spec at which the field has a value. */
export function placeOf(leaf: string): (string | number)[] | undefined {
  const [root = ''] = leaf.split(/[.<[]/);
  return ROOTS[root]?.flatMap((one) => placesOf(SPEC, one + leaf.slice(root.length)))[0];
}

/** Whether the variant of a leaf has this environment. */
export function isCompiled(leaf: string, environment: string): boolean {
  return !environment.startsWith('sign_in_') || placeOf(leaf)?.[1] === environment;
}

/**
 * The spec with the other value of the table in that one place. Without the environments that are there for one way to
 * sign in, unless it is the one: each has every pipeline.
 */
export function variant(leaf: string): unknown {
  const place = placeOf(leaf) ?? [];
  // A copy without aliases, or the change would be one of all places that share the value.
  const copy = JSON.parse(JSON.stringify(SPEC)) as { environments: Record<string, unknown> };
  for (const name of Object.keys(copy.environments)) {
    if (!isCompiled(leaf, name)) delete copy.environments[name];
  }
  const other = rowOf(leaf)?.[1];
  if (typeof other === 'function') return other(copy);
  const around = at(copy, place.slice(0, -1)) as Record<string, unknown>;
  around[String(place.at(-1))] = other;
  return copy;
}
