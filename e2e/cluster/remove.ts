import { existsSync, readdirSync, readFileSync, readlinkSync, rmdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ClusterFolder, clusterFolder } from './folder.ts';
import { run } from './run.ts';
import { restoreSettings } from './settings.ts';

/** Kubelet puts links to the logs of containers here, and can't be told another place. */
const LINKS = '/var/log/containers';

/**
 * Ends a cluster and removes every trace of it, from whatever state it is in: programs, pods, mounts, control
 * groups, network, files. The logs stay where they are. What is not there any more is passed over.
 */
export async function removeCluster(path: string): Promise<void> {
  const folder = clusterFolder(path);
  const sockets = shimSockets(path);
  // Programs and shims name the folder in their command line; what runs in a pod is in its control groups.
  for (let left = processesOf(folder); left.length > 0; left = processesOf(folder)) {
    for (const pid of left) kill(pid);
    await sleep(50);
  }
  // The network of a pod ends with the mount that holds it, and its end of the wire with it.
  for (const mount of mountsBelow(path)) await run('umount', ['--lazy', mount]);
  for (const group of controlGroups(folder)) removeControlGroup(group);
  if (existsSync(`/sys/class/net/${folder.bridge}`)) await run('ip', ['link', 'delete', folder.bridge]);
  for (const socket of sockets) rmSync(socket, { force: true });
  for (const link of linksInto(folder)) rmSync(link);
  restoreSettings(path);
  rmSync(path, { recursive: true, force: true });
}

function processesOf(folder: ClusterFolder): number[] {
  const named = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => contentOf(`/proc/${pid}/cmdline`).includes(`${folder.path}/`))
    .map(Number);
  const inPods = controlGroups(folder)
    .flatMap((group) => [...groupsBelow(group), group])
    .flatMap((group) => contentOf(join(group, 'cgroup.procs')).split('\n').filter(Boolean).map(Number));
  // One that is dead waits for its parent to take notice.
  return [...new Set([...named, ...inPods])].filter(
    (pid) => !/^State:\s+Z/m.test(contentOf(`/proc/${pid}/status`)),
  );
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    // It has ended by itself.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** The deepest first, as they must be taken away. */
function mountsBelow(path: string): string[] {
  return contentOf('/proc/self/mountinfo')
    .split('\n')
    .map((line) => line.split(' ')[4] ?? '')
    .filter((mount) => mount.startsWith(`${path}/`))
    .reverse();
}

/** One of version 2, or one in each hierarchy of version 1. */
export function controlGroups({ cgroup }: ClusterFolder): string[] {
  return hierarchies()
    .map((hierarchy) => join(hierarchy, cgroup))
    .filter((group) => existsSync(group));
}

export function hierarchies(): string[] {
  return contentOf('/proc/self/mountinfo')
    .split('\n')
    .map((line) => line.split(' '))
    .filter((fields) => ['cgroup', 'cgroup2'].includes(fields[fields.indexOf('-') + 1] ?? ''))
    .map((fields) => fields[4] ?? '');
}

function removeControlGroup(group: string): void {
  for (const inner of groupsBelow(group)) rmdirSync(inner);
  rmdirSync(group);
}

/** The deepest first. */
function groupsBelow(group: string): string[] {
  try {
    return readdirSync(group, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => join(group, entry.name))
      .flatMap((inner) => [...groupsBelow(inner), inner]);
  } catch {
    // It went away while it was read.
    return [];
  }
}

/** Each shim listens on a socket outside of the folder, and says in the folder where. */
function shimSockets(path: string): string[] {
  const tasks = join(path, 'containerd-state/io.containerd.runtime.v2.task/k8s.io');
  if (!existsSync(tasks)) return [];
  return readdirSync(tasks)
    .map((task) => contentOf(join(tasks, task, 'address')))
    .filter((address) => address.startsWith('unix://'))
    .map((address) => address.slice('unix://'.length));
}

function linksInto({ logs, path }: ClusterFolder): string[] {
  if (!existsSync(LINKS)) return [];
  return readdirSync(LINKS)
    .map((name) => join(LINKS, name))
    .filter((link) => [logs, path].some((folder) => targetOf(link).startsWith(`${folder}/`)));
}

function targetOf(link: string): string {
  try {
    return readlinkSync(link);
  } catch {
    return '';
  }
}

/** Empty where there is no such file, or no longer. */
function contentOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
