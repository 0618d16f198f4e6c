import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

/** Everything of a cluster lies in one folder, and everything outside of it carries the folder's id. */
export interface ClusterFolder {
  readonly path: string;
  /** What the programs print, a file for each: not in the folder, for it outlives a failed test. */
  readonly logs: string;
  /** At most 15 characters: more the kernel does not take for an interface. */
  readonly bridge: string;
  /** Of the pods, below the root of each hierarchy. */
  readonly cgroup: string;
}

export function createClusterFolder(): ClusterFolder {
  const folder = clusterFolder(mkdtempSync(join(tmpdir(), 'pipegen-cluster-')));
  mkdirSync(folder.logs);
  return folder;
}

export function clusterFolder(path: string): ClusterFolder {
  const id = basename(path).replace('pipegen-cluster-', '');
  return {
    path,
    logs: join(tmpdir(), `pipegen-logs-${id}`),
    bridge: `pipegen-${id}`,
    cgroup: `pipegen-${id}`,
  };
}
