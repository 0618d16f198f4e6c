import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { TestRecord } from '../../scripts/test-report.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'pipegen-records-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('records every way in which a test or its file can end', () => {
  const path = join(folder, 'records.json');
  const vitest = spawnSync(
    process.execPath,
    [
      join(ROOT, 'node_modules/vitest/vitest.mjs'),
      'run',
      '--config',
      join(import.meta.dirname, 'fixtures/outcomes/vitest.config.ts'),
      `--reporter=${join(ROOT, 'scripts/record-tests.ts')}`,
    ],
    {
      cwd: ROOT,
      encoding: 'utf8',
      env: { ...process.env, PIPEGEN_TEST_RECORDS: path, OUTCOMES_CACHE: join(folder, 'cache') },
    },
  );
  expect(vitest.status).toBe(1);

  const records = JSON.parse(readFileSync(path, 'utf8')) as TestRecord[];
  const seen = records.map(({ file, name, state, reason }) => `${state}: ${file} > ${name} ${reason ?? ''}`);
  expect(seen.map((line) => line.trim()).sort()).toEqual([
    'failed: broken.case.ts > loading, beforeAll or afterAll',
    'failed: hooks.case.ts > a group with a broken end (beforeAll or afterAll)',
    'failed: outcomes.case.ts > fails',
    'failed: vitest > an error outside of every test',
    'passed: hooks.case.ts > a group with a broken end > passes before it',
    'passed: outcomes.case.ts > in a group > passes too',
    'passed: outcomes.case.ts > passes',
    'passed: unhandled.case.ts > passes while something else breaks',
    'skipped: outcomes.case.ts > is still to be written',
    'skipped: outcomes.case.ts > skips itself no network here',
  ]);
});
