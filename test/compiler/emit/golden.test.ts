import { describe, expect, test } from 'vitest';
import { emit } from '../../../src/compiler/emit.ts';
import { AIRFLOW_VERSIONS } from '../../../src/spec/environment.ts';
import { CASES, caseDefinition } from './cases.ts';

describe.each(Object.keys(CASES))('%s', (name) => {
  test.each(AIRFLOW_VERSIONS)('for Airflow %s is the file that was reviewed', async (airflow) => {
    const dag = caseDefinition(name, airflow);
    const file = emit([dag]).find(({ path }) => path === `${dag.environment}/dags/${dag.dagId}.py`);
    const golden = name.startsWith('long_') ? 'long' : name;
    await expect(file?.content).toMatchFileSnapshot(`golden/${golden}/${airflow}.py`);
  });
});

test('the same definitions give the same files, in the order of their paths', () => {
  const dags = Object.keys(CASES).map((name) => caseDefinition(name, '3.3'));
  const files = emit(dags);
  expect(emit([...dags].reverse())).toEqual(files);
  expect(files.map(({ path }) => path)).toEqual(files.map(({ path }) => path).sort());
  expect(files.at(-1)?.path).toBe('ruff.toml');
});

test('a pod whose secret is in no Kubernetes secret is a defect, not a file', () => {
  const dag = caseDefinition('cron', '3.3');
  const extract = dag.tasks.map((task) => ({ ...task, secrets: [{ variable: 'KEY' }] }));
  expect(() => emit([{ ...dag, tasks: extract }])).toThrow('KEY has no Kubernetes secret');
});
