import { expect, test } from 'vitest';
import { checkExamples, isWritten, pipelinesOf, type Rule } from '../../src/rules/rules.ts';

const SOUND: Rule = {
  name: 'acme-owner-written',
  severity: 'warning',
  category: 'practice',
  why: 'A default of the language answers nobody.',
  bad: 'defaults: { owner: null }\npolicy: { severity: { missing-owner: off } }',
  good: 'pipelines: { flights: { owner: partner-data } }',
  check(spec, report) {
    for (const { environment, pipeline } of pipelinesOf(spec)) {
      if (isWritten(spec, pipeline.layers, ['owner'])) continue;
      report({
        message: `nobody owns "${pipeline.name}" in "${environment.name}"`,
        layers: [['pipelines', pipeline.name]],
        path: [],
        want: 'key',
      });
    }
  },
};

test('a rule that keeps what its examples promise passes', () => {
  expect(() => checkExamples(SOUND)).not.toThrow();
});

test('an example may be a whole spec', () => {
  const whole = `version: 1
environments:
  laptop:
    airflow: "3.3"
    launcher: { kind: process }
    store: { kind: files, root: lake }
    warehouse: { kind: duckdb, path: lake.duckdb, schema: raw }
pipelines:
  flights: { dbt: { project: dbt, select: [a] } }
`;
  const good = whole.replace('dbt: {', 'owner: me, dbt: {');
  expect(() => checkExamples({ ...SOUND, bad: whole, good })).not.toThrow();
});

test.each([
  [
    { bad: SOUND.good },
    '"acme-owner-written" finds nothing in its bad example; there is no other finding in it either',
  ],
  [
    { bad: 'pipelines: { flights: { ownr: me } }' },
    /finds nothing in its bad example; what is found there:\n\nerror: unknown key "ownr" \(unknown-key\)\n {2}pipelines\.yaml:/,
  ],
  [
    { good: SOUND.bad },
    /^the good example of "acme-owner-written" is not sound; what is found there:\n\nwarning: nobody owns/,
  ],
  [{ good: 'pipelines: { flights: { retries: 0 } }' }, /is not sound; .*\n\nerror: .*\(no-retries\)/],
  [
    { bad: 'pipelines: { flights: [' },
    /^"acme-owner-written" finds nothing in its bad example; .*\n\nerror: .*\(yaml-syntax\)/,
  ],
  [
    { name: 'missing-owner' },
    '"missing-owner" is what pipegen itself calls a finding: give the rule another name',
  ],
  [{ severity: 'fatal' }, 'its "severity" is not what a rule needs: severity is "error" or "warning"'],
  [{ bad: undefined }, 'it has no "bad": bad is a text'],
  [
    {
      check() {
        throw new Error('no idea');
      },
    },
    '"acme-owner-written" threw Error: no idea: correct the rule',
  ],
])('%j does not', (changes, message) => {
  expect(() => checkExamples({ ...SOUND, ...changes } as Rule)).toThrow(message);
});
