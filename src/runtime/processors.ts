import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

/** Where a container sees its own share under cgroup v1, by what the machine calls the controller. */
const V1 = ['/sys/fs/cgroup/cpu', '/sys/fs/cgroup/cpu,cpuacct'];

/**
 * Processors that this process may use, at least 1. Node knows of a limit under cgroup v2; under v1 it looks for it by
 * a path of the host, which a container does not have (libuv 1.52, `uv__get_constrained_cpu`).
 */
export function processors(roots: readonly string[] = V1): number {
  const shares = roots.flatMap((root) => {
    const quota = read(`${root}/cpu.cfs_quota_us`);
    const period = read(`${root}/cpu.cfs_period_us`);
    return quota > 0 && period > 0 ? quota / period : [];
  });
  return Math.max(1, Math.min(availableParallelism(), ...shares.map(Math.ceil)));
}

/** NaN where there is none; -1 is what the system writes for no limit. */
function read(path: string): number {
  try {
    return Number(readFileSync(path, 'utf8'));
  } catch {
    return Number.NaN;
  }
}
