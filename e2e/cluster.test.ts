import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { clusterFolder } from './cluster/folder.ts';
import { hierarchies } from './cluster/remove.ts';
import { run } from './cluster/run.ts';

const HOLD = fileURLToPath(new URL('cluster/hold.ts', import.meta.url));
const own = process.env.PIPEGEN_E2E_KUBECONFIG === undefined;

interface Held {
  readonly process: ChildProcessWithoutNullStreams;
  readonly folder: string;
  kubectl(...args: string[]): Promise<string>;
}

async function hold(env: NodeJS.ProcessEnv = process.env): Promise<Held> {
  const child = spawn(process.execPath, [HOLD], { env });
  onTestFinished(() => void child.kill('SIGKILL'));
  let said = '';
  child.stderr.on('data', (data) => {
    said += data;
  });
  const { value, done } = await createInterface(child.stdout)[Symbol.asyncIterator]().next();
  if (done) throw new Error(said);
  const { kubeconfig, kubectlPath } = JSON.parse(value) as { kubeconfig: string; kubectlPath: string };
  return {
    process: child,
    folder: dirname(kubeconfig),
    kubectl: (...args) => run(kubectlPath, ['--kubeconfig', kubeconfig, ...args]),
  };
}

/** A pod that goes on until somebody ends it. */
async function runPod({ kubectl }: Held): Promise<void> {
  await kubectl('run', 'pod', '--image=localhost/pipegen-pause:1', '--image-pull-policy=Never');
  await kubectl('wait', 'pod/pod', '--for=condition=Ready', '--timeout=180s');
}

/** Each thing of a cluster that is still on this machine. */
function traces(path: string): string[] {
  const { bridge, cgroup } = clusterFolder(path);
  const mounts = readFileSync('/proc/self/mountinfo', 'utf8').split('\n');
  const commands = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => (existsSync(`/proc/${pid}/cmdline`) ? readFileSync(`/proc/${pid}/cmdline`, 'utf8') : ''));
  return [
    ...mounts.filter((line) => line.includes(path)),
    ...commands.filter((line) => line.includes(path)),
    ...[path, `/sys/class/net/${bridge}`].filter(existsSync),
    ...hierarchies()
      .map((hierarchy) => join(hierarchy, cgroup))
      .filter(existsSync),
  ];
}

describe.skipIf(!own)('a cluster of our own', () => {
  it('leaves no trace when its owner is killed or ends, and none in another beside it', async () => {
    const network = await run('ip', ['-brief', 'link']);
    const [first, second] = await Promise.all([hold(), hold()]);
    await Promise.all([runPod(first), runPod(second)]);
    expect(traces(first.folder).length).toBeGreaterThan(10);

    first.process.kill('SIGKILL');
    while (traces(first.folder).length > 0) await sleep(100);
    expect(await second.kubectl('get', 'pod', 'pod', '--output', 'jsonpath={.status.phase}')).toBe('Running');
    // Nobody has said that all was well.
    const { logs } = clusterFolder(first.folder);
    expect(readdirSync(logs)).toContain('kubelet.log');
    rmSync(logs, { recursive: true });

    second.process.stdin.end();
    await once(second.process, 'exit');
    expect(traces(second.folder)).toEqual([]);
    expect(existsSync(clusterFolder(second.folder).logs)).toBe(false);
    expect(await run('ip', ['-brief', 'link'])).toBe(network);
  });

  it('says what is missing before it does anything', async () => {
    const before = readdirSync(tmpdir());
    const failed = await hold({ ...process.env, PATH: dirname(process.execPath) }).catch(String);
    expect(failed).toContain('containerd is not there: apt-get install containerd');
    expect(failed).toContain('ip is not there: apt-get install iproute2');
    expect(failed).toContain('Or name a cluster of yours in PIPEGEN_E2E_KUBECONFIG');
    expect(readdirSync(tmpdir()).filter((name) => name.startsWith('pipegen-cluster-'))).toEqual(
      before.filter((name) => name.startsWith('pipegen-cluster-')),
    );
  });
});
