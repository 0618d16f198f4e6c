import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { processors } from '../../src/runtime/processors.ts';

/** A controller's folder as cgroup v1 has it. */
function controller(quota: string, period = '100000'): string {
  const folder = mkdtempSync(join(tmpdir(), 'pipegen-cgroup-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'cpu.cfs_quota_us'), `${quota}\n`);
  writeFileSync(join(folder, 'cpu.cfs_period_us'), `${period}\n`);
  return folder;
}

test('the limit of a container counts, a part of a processor as one', () => {
  expect(processors([controller('100000')])).toBe(1);
  expect(processors([controller('20000')])).toBe(1);
  expect(processors(['/nowhere', controller('50000')])).toBe(1);
});

test('never more than there are, nor fewer without a limit', () => {
  expect(processors([controller('-1')])).toBe(availableParallelism());
  expect(processors([controller('100000000')])).toBe(availableParallelism());
  expect(processors(['/nowhere'])).toBe(availableParallelism());
});
