import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compile } from '../../../src/compiler/compile.ts';
import { AIRFLOW_VERSIONS } from '../../../src/spec/environment.ts';
import { type InspectedDag, type Inspection, inspect } from '../../airflow/airflow.ts';
import { expanded } from './expanded.ts';
import { expectedJob, type HostileSpec, hostileSpecs, yamlOf } from './hostile-spec.ts';

const SPECS = hostileSpecs(40, 2026);
const DIGEST = `sha256:${'0'.repeat(64)}`;

describe.each(AIRFLOW_VERSIONS)('any text in Airflow %s', (version) => {
  let folder = '';
  let found: Inspection;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'pipegen-text-'));
    for (const spec of SPECS) {
      const bytes = Buffer.from(yamlOf(spec, version));
      const { findings, files } = compile({ file: 'pipelines.yaml', bytes, readText: () => DIGEST });
      expect(
        findings.filter(({ severity }) => severity === 'error'),
        yamlOf(spec, version),
      ).toEqual([]);
      const file = files.find(({ path }) => path === `production/dags/${spec.name}.py`);
      writeFileSync(join(folder, `${spec.name}.py`), file?.content ?? '');
    }
    found = await inspect(version, folder, {
      pods: true,
      scenarios: [{ name: 'asked', run_type: 'manual', partition: '2026-01-31' }],
    });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('every file is imported', () => {
    expect(found.import_errors).toEqual({});
    expect(Object.keys(found.dags)).toHaveLength(SPECS.length);
  });

  const dagOf = ({ name }: HostileSpec): InspectedDag => {
    const dag = found.dags[name];
    if (dag === undefined) throw new Error(`${name} was not imported`);
    return dag;
  };

  test('description, tag and owner are what was written: Airflow renders none of them', () => {
    for (const spec of SPECS) {
      const dag = dagOf(spec);
      expect(dag.description).toBe(spec.texts.description);
      expect(dag.tags).toEqual([spec.texts.tag]);
      expect(Object.values(dag.tasks).map(({ owner }) => owner)).toEqual(
        Object.keys(dag.tasks).map(() => spec.texts.owner),
      );
      expect(dag.params.partition?.value).toBe(null);
    }
  });

  test('a command of the process launcher is what was written, and its job too', () => {
    for (const spec of SPECS.filter(({ launcher }) => launcher === 'process')) {
      const fields = dagOf(spec).rendered.asked?.extract as { bash_command: string; env: Variables };
      expect(fields.bash_command).toBe(`${spec.texts.command} extract`);
      expect(JSON.parse(fields.env.PIPEGEN_JOB ?? '')).toMatchObject(expectedJob(spec));
    }
  });

  test('image, annotation, node selector and environment of a pod are what was written', () => {
    for (const spec of SPECS.filter(({ launcher }) => launcher === 'kubernetes')) {
      const fields = dagOf(spec).rendered.asked?.extract as unknown as PodFields;
      expect(fields.image).toBe(`${spec.texts.repository}@${DIGEST}`);
      expect(fields.annotations['example.com/hostile']).toBe(spec.texts.annotation);
      expect(fields.node_selector.hostile).toBe(spec.texts.node);
      const variables = expanded(fields.env_vars);
      expect(variables.HOSTILE).toBe(spec.texts.variable);
      expect(JSON.parse(variables.PIPEGEN_JOB ?? '')).toMatchObject(expectedJob(spec));
    }
  });

  test('the pod that is asked of Kubernetes has that job in its environment', () => {
    for (const spec of SPECS.filter(({ launcher }) => launcher === 'kubernetes')) {
      const pod = dagOf(spec).pods.extract as { spec: { containers: { env: Variable[] }[] } };
      const job = expanded(pod.spec.containers[0]?.env ?? []).PIPEGEN_JOB;
      expect(JSON.parse(job ?? '')).toMatchObject(expectedJob(spec));
    }
  });
});

type Variables = Readonly<Record<string, string>>;
type Variable = Parameters<typeof expanded>[0][number];

interface PodFields {
  readonly image: string;
  readonly annotations: Variables;
  readonly node_selector: Variables;
  readonly env_vars: readonly Variable[];
}
