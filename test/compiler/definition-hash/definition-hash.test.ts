import { describe, expect, it } from 'vitest';
import { check } from '../../../src/compiler/compile.ts';
import { at } from '../../../src/compiler/layers.ts';
import { lower } from '../../../src/compiler/lower.ts';
import { FIELDS, matches } from './fields.ts';
import { LEAVES, placeOf, readBeside, rowOf, SPEC, variant } from './variants.ts';

/** The hash of every DAG, by environment and name. */
function definitions(value: unknown): Map<string, string> {
  const checked = check({
    file: 'pipelines.yaml',
    bytes: Buffer.from(JSON.stringify(value)),
    readText: readBeside,
  });
  expect(checked.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  if (checked.spec === undefined) throw new Error('the spec has errors');
  const { value: dags, findings } = lower(checked.spec, checked.spec.environments, { readText: readBeside });
  expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  return new Map(dags.map((dag) => [`${dag.environment}/${dag.dagId}`, dag.definition]));
}

const base = definitions(SPEC);

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
    const [, other, verdict] = rowOf(leaf) ?? [];
    const place = placeOf(leaf) ?? [];
    expect(at(SPEC, place)).not.toEqual(other);
    const changed = [...definitions(variant(leaf))].filter(([dag, hash]) => base.get(dag) !== hash);
    if (verdict === 'same') expect(changed).toEqual([]);
    else expect(changed).not.toEqual([]);
    // The documentation of a pipeline names those that wait for it; nothing else leaves it.
    if (place[0] === 'pipelines' && !leaf.includes('.after.')) {
      expect(changed.every(([dag]) => dag.endsWith(`/${place[1]}`))).toBe(true);
    }
  });
});
