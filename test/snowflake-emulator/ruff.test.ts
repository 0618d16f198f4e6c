import { join } from 'node:path';
import { expect, test } from 'vitest';
import { run } from '../dbt/run-dbt.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const RUFF = join(ROOT, '.venv', 'lint', 'bin', 'ruff');
const PROJECT = join(ROOT, 'python', 'snowflake-emulator');

test.each([['check'], ['format', '--check']])('ruff %s finds nothing', async (...words) => {
  const { exit, output } = await run(RUFF, [...words, '--no-cache', PROJECT], {});

  expect(output).not.toContain('would');
  expect(exit, output).toBe(0);
});
