import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { AIRFLOW_VERSIONS, type AirflowVersion } from '../../../src/spec/environment.ts';
import { serializedHashes } from './serialized-hashes.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

interface Recorded {
  /** SHA-256 of the DAG file. */
  readonly file: string;
  /** The hash that Airflow gives the DAG. */
  readonly serialized: string;
}

/** The DAG files that were reviewed, by path below `test/compiler`. */
function goldens(version: AirflowVersion): Map<string, string> {
  const paths = readdirSync(ROOT, { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => path.startsWith('emit/golden/') && path.endsWith(`/${version}.py`))
    .sort();
  return new Map(paths.map((path) => [path, readFileSync(join(ROOT, path), 'utf8')]));
}

function recorded(version: AirflowVersion): Readonly<Record<string, Recorded>> {
  const file = new URL(`golden/${version}.json`, import.meta.url);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
}

describe.each(AIRFLOW_VERSIONS)('in Airflow %s', (version) => {
  test('every reviewed file has the recorded hash, which changes only with the file', async () => {
    const before = recorded(version);
    const files = goldens(version);
    expect(files.size).toBeGreaterThan(10);
    const hashes = await serializedHashes(version, files);
    const now = [...files].map(([path, content]): [string, Recorded] => {
      const file = createHash('sha256').update(content).digest('hex');
      return [path, { file, serialized: hashes.get(path) ?? '' }];
    });
    // Also under `-u`: Airflow would make a new version of every DAG, though nobody changed one.
    const moved = now.filter(
      ([path, { file, serialized }]) => before[path]?.file === file && before[path].serialized !== serialized,
    );
    expect(moved).toEqual([]);
    const text = `${JSON.stringify(Object.fromEntries(now), null, 2)}\n`;
    await expect(text).toMatchFileSnapshot(`golden/${version}.json`);
  });

  test('no two of them have the same one', () => {
    const hashes = Object.values(recorded(version)).map(({ serialized }) => serialized);
    expect(new Set(hashes).size).toBe(hashes.length);
  });
});
