import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compile } from '../../../src/compiler/compile.ts';
import { AIRFLOW_VERSIONS, type AirflowVersion } from '../../../src/spec/environment.ts';
import { COMMAND_LIMIT, program } from '../../airflow/airflow.ts';
import { SPEC } from './spec.ts';

const SCRIPT = fileURLToPath(new URL('serialized_hash.py', import.meta.url));
const DIGEST = `sha256:${'0'.repeat(64)}`;
const ENVIRONMENTS = { '2.11': 'local', '3.3': 'production' } as const;

/** What Airflow's DAG versions go by, of each DAG. The folder's path is part of it, so it must not change. */
async function hashes(
  version: AirflowVersion,
  home: string,
  spec: unknown,
  env: Readonly<Record<string, string>>,
): Promise<Record<string, string>> {
  const folder = join(home, 'dags');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  const bytes = Buffer.from(JSON.stringify(spec));
  const environment = ENVIRONMENTS[version];
  const built = compile({ file: 'pipelines.yaml', bytes, readText: () => DIGEST, environment });
  expect(built.findings).toEqual([]);
  for (const { path, content } of built.files.filter((file) => file.path.includes('/dags/'))) {
    writeFileSync(join(folder, path.split('/').at(-1) ?? ''), content);
  }
  const python = program(`airflow-${version}`, 'python');
  const { stdout } = await promisify(execFile)(python, [SCRIPT, folder], {
    timeout: COMMAND_LIMIT,
    env: {
      PATH: process.env.PATH,
      HOME: home,
      AIRFLOW_HOME: home,
      AIRFLOW__CORE__DAGS_FOLDER: folder,
      AIRFLOW__CORE__LOAD_EXAMPLES: 'False',
      AIRFLOW__CORE__DAGBAG_IMPORT_TIMEOUT: '200',
      AIRFLOW__DATABASE__SQL_ALCHEMY_CONN: `sqlite:///${join(home, 'airflow.db')}`,
      PYTHONDONTWRITEBYTECODE: '1',
      ...env,
    },
  });
  return JSON.parse(stdout) as Record<string, string>;
}

let home = '';
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'pipegen-hash-'));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

describe.each(AIRFLOW_VERSIONS)('the hash of a serialized DAG in Airflow %s', (version) => {
  test('is another only where the pipeline is, whatever the process was started with', async () => {
    const here = await hashes(version, home, SPEC, { PYTHONHASHSEED: '1', TZ: 'UTC', LANG: 'C.UTF-8' });
    const { returns, ...others } = SPEC.pipelines;
    const changed = { ...SPEC, pipelines: { ...others, returns: { ...returns, description: 'Sent back' } } };
    const there = await hashes(version, home, changed, {
      PYTHONHASHSEED: '2',
      TZ: 'Pacific/Apia',
      LANG: 'C',
    });
    expect(Object.keys(here)).toEqual(['orders', 'report', 'returns']);
    const { returns: hash, ...rest } = there;
    expect(rest).toEqual({ orders: here.orders, report: here.report });
    expect(hash).not.toBe(here.returns);
  });
});
