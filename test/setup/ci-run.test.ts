import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '..', '..');
const parent = mkdtempSync(join(tmpdir(), 'pipegen-ci-run-'));
afterAll(() => rmSync(parent, { recursive: true, force: true }));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(parent, 'clone-'));
  mkdirSync(join(folder, '.ci'));
  cpSync(join(ROOT, '.ci', 'run'), join(folder, '.ci', 'run'));
});

/** The exit code and last line of `.ci/run` in a project whose `make test` is these commands. */
function runCi(...commands: string[]): { exit: number | null; last: string | undefined } {
  const recipe = commands.map((command) => `\t@${command}\n`).join('');
  writeFileSync(join(folder, 'Makefile'), `.PHONY: test\ntest:\n${recipe}`);
  const { status, stdout } = spawnSync(join(folder, '.ci', 'run'), { cwd: tmpdir(), encoding: 'utf8' });
  return { exit: status, last: stdout.trimEnd().split('\n').at(-1) };
}

const counts = (line: string) => `mkdir -p .cache/test && echo '${line}' > .cache/test/counts.txt`;

test('ends with the counts and the exit code of make test', () => {
  expect(runCi(counts('5 passed, 0 failed, 1 skipped'))).toEqual({
    exit: 0,
    last: '5 passed, 0 failed, 1 skipped',
  });
  const failed = runCi(counts('5 passed, 2 failed, 0 skipped'), 'exit 1');
  expect(failed.last).toBe('5 passed, 2 failed, 0 skipped');
  expect(failed.exit).not.toBe(0);
});

test('counts a run that broke off as a failure, whatever an earlier run left', () => {
  runCi(counts('5 passed, 0 failed, 0 skipped'));
  expect(runCi('exit 1')).toEqual({ exit: 1, last: '0 passed, 1 failed, 0 skipped' });
  expect(runCi('true')).toEqual({ exit: 1, last: '0 passed, 1 failed, 0 skipped' });
});
