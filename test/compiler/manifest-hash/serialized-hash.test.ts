import { describe, expect, test } from 'vitest';
import { compile } from '../../../src/compiler/compile.ts';
import { AIRFLOW_VERSIONS, type AirflowVersion } from '../../../src/spec/environment.ts';
import { serializedHashes } from './serialized-hashes.ts';
import { SPEC } from './spec.ts';

const DIGEST = `sha256:${'0'.repeat(64)}`;
const ENVIRONMENTS = { '2.11': 'local', '3.3': 'production' } as const;

/** The DAG files of the spec, by the name of the DAG. */
function dagFiles(version: AirflowVersion, spec: unknown): Map<string, string> {
  const bytes = Buffer.from(JSON.stringify(spec));
  const environment = ENVIRONMENTS[version];
  const built = compile({ file: 'pipelines.yaml', bytes, readText: () => DIGEST, environment });
  expect(built.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  const folder = `${environment}/dags/`;
  const files = built.files.filter(({ path }) => path.startsWith(folder));
  return new Map(files.map(({ path, content }) => [path.slice(folder.length, -'.py'.length), content]));
}

describe.each(AIRFLOW_VERSIONS)('the hash of a serialized DAG in Airflow %s', (version) => {
  test('is another only where the pipeline is, whatever the process was started with', async () => {
    const here = await serializedHashes(version, dagFiles(version, SPEC), {
      PYTHONHASHSEED: '1',
      TZ: 'UTC',
      LANG: 'C.UTF-8',
    });
    const { returns, ...others } = SPEC.pipelines;
    const changed = { ...SPEC, pipelines: { ...others, returns: { ...returns, description: 'Sent back' } } };
    const there = await serializedHashes(version, dagFiles(version, changed), {
      PYTHONHASHSEED: '2',
      TZ: 'Pacific/Apia',
      LANG: 'C',
    });
    expect([...here.keys()].sort()).toEqual(['orders', 'report', 'returns']);
    expect(there.get('orders')).toBe(here.get('orders'));
    expect(there.get('report')).toBe(here.get('report'));
    expect(there.get('returns')).not.toBe(here.get('returns'));
  });
});
