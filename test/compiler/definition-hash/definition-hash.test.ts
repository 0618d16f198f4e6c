import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { check } from '../../../src/compiler/compile.ts';
import { at } from '../../../src/compiler/layers.ts';
import { lower } from '../../../src/compiler/lower.ts';
import { environment } from '../../../src/spec/environment.ts';
import { defaults, pipeline } from '../../../src/spec/pipeline.ts';
import { secrets, source } from '../../../src/spec/source.ts';
import { FIELDS, matches } from './fields.ts';
import { leavesOf, placesOf } from './leaves.ts';

const SCHEMAS = { secrets, source, environment, defaults, pipeline };
const LEAVES = Object.entries(SCHEMAS).flatMap(([name, schema]) => leavesOf(schema, name));

/** Where in a spec the values of a schema stand. */
const ROOTS: Readonly<Record<string, readonly string[]>> = {
  secrets: ['secrets'],
  source: ['sources.*'],
  environment: ['environments.*'],
  defaults: ['defaults'],
  pipeline: ['pipelines.*', 'environments.*.overrides.*'],
};

const spec: unknown = parse(readFileSync(new URL('every-field.yaml', import.meta.url), 'utf8'));

/** The hash of every DAG, by environment and name. */
function definitions(value: unknown): Map<string, string> {
  const checked = check({ file: 'pipelines.yaml', bytes: Buffer.from(JSON.stringify(value)) });
  expect(checked.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  if (checked.spec === undefined) throw new Error('the spec has errors');
  const readText = () => `sha256:${'3'.repeat(64)}`;
  const { value: dags, findings } = lower(checked.spec, checked.spec.environments, { readText });
  expect(findings).toEqual([]);
  return new Map(dags.map((dag) => [`${dag.environment}/${dag.dagId}`, dag.definition]));
}

const base = definitions(spec);

function placeOf(leaf: string): (string | number)[] | undefined {
  const [root = ''] = leaf.split(/[.<[]/);
  return ROOTS[root]?.flatMap((one) => placesOf(spec, one + leaf.slice(root.length)))[0];
}

describe('the hash of a definition', () => {
  it('has a row in the table for every field of the language, and one only', () => {
    const rows = LEAVES.map((leaf) => [leaf, FIELDS.filter(([pattern]) => matches(pattern, leaf)).length]);
    expect(rows.filter(([, count]) => count !== 1)).toEqual([]);
    expect(FIELDS.filter(([pattern]) => !LEAVES.some((leaf) => matches(pattern, leaf)))).toEqual([]);
  });

  it('is compared in a spec that has every field', () => {
    expect(LEAVES.filter((leaf) => placeOf(leaf) === undefined)).toEqual([]);
  });

  it.each(LEAVES)('%s', (leaf) => {
    const [, other, verdict] = FIELDS.find(([pattern]) => matches(pattern, leaf)) ?? [];
    const place = placeOf(leaf) ?? [];
    // A copy without aliases, or the change would be one of all places that share the value.
    const copy: unknown = JSON.parse(JSON.stringify(spec));
    expect(at(copy, place)).not.toEqual(other);
    const around = at(copy, place.slice(0, -1)) as Record<string, unknown>;
    around[String(place.at(-1))] = other;
    const changed = [...definitions(copy)].filter(([dag, hash]) => base.get(dag) !== hash);
    if (verdict === 'same') expect(changed).toEqual([]);
    else expect(changed).not.toEqual([]);
    // The documentation of a pipeline names those that wait for it; nothing else leaves it.
    if (place[0] === 'pipelines' && !leaf.includes('.after.')) {
      expect(changed.every(([dag]) => dag.endsWith(`/${place[1]}`))).toBe(true);
    }
  });
});
