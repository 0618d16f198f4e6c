import { expect, it } from 'vitest';
import { stringify } from 'yaml';
import { check } from '../../../src/compiler/compile.ts';
import { LEAVES, placeOf, readBeside, SPEC } from '../definition-hash/variants.ts';

/** What the spec of every field leaves out on purpose: its pipelines are there for their fields. */
const MEANT = ['airflow-connection-in-pod', 'missing-description', 'nullable-key'];

it('is silent about a spec that uses all that the language has', () => {
  const used = LEAVES.filter((leaf) => placeOf(leaf) !== undefined);
  expect(used.length).toBeGreaterThan(0.95 * LEAVES.length);
  const { findings } = check({
    file: 'pipelines.yaml',
    bytes: Buffer.from(stringify(SPEC)),
    readText: readBeside,
  });
  expect(findings.filter(({ name }) => !MEANT.includes(name))).toEqual([]);
  expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
});
