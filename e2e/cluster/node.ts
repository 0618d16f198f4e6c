import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ask } from './api.ts';
import type { ControlPlane } from './control-plane.ts';
import type { ClusterFolder } from './folder.ts';
import { freePorts, type PodNetwork } from './network.ts';
import { writePauseImage } from './pause-image.ts';
import type { Programs } from './programs.ts';
import { hierarchies } from './remove.ts';
import { run } from './run.ts';
import { noteSettings } from './settings.ts';
import { PLUGIN_FOLDER } from './tools.ts';

/** Its address, too: pods must not reach the kubelet, so it listens where only this machine does. */
const NODE = 'localhost';
const PAUSE = 'localhost/pipegen-pause:1';

/** containerd and a kubelet: the one node of the cluster, ready to run pods when this returns. */
export class Node {
  readonly #folder: ClusterFolder;
  readonly #programs: Programs;

  constructor(folder: ClusterFolder, programs: Programs) {
    this.#folder = folder;
    this.#programs = programs;
  }

  async start(bin: string, { kubeconfig, api }: ControlPlane, network: PodNetwork): Promise<void> {
    const at = (name: string) => join(this.#folder.path, name);
    mkdirSync(at('cni'));
    writeFileSync(at('cni/pods.conflist'), JSON.stringify(cni(this.#folder, network)));
    writeFileSync(at('containerd.toml'), containerdConfig(this.#folder.path));
    await this.startContainerd();
    writePauseImage(at('pause.tar'), join(bin, 'pause'), PAUSE);
    await this.ctr('images', 'import', at('pause.tar'));

    for (const hierarchy of hierarchies())
      mkdirSync(join(hierarchy, this.#folder.cgroup), { recursive: true });
    noteSettings(this.#folder.path);
    const [port = 0] = await freePorts(1);
    writeFileSync(at('kubelet.json'), JSON.stringify(kubelet(this.#folder, port, network.address)));
    this.#programs.start('kubelet', join(bin, 'kubelet'), [
      `--config=${at('kubelet.json')}`,
      `--kubeconfig=${kubeconfig}`,
      `--root-dir=${at('kubelet')}`,
      `--cert-dir=${at('kubelet-certificates')}`,
      `--node-ip=${network.address}`,
      `--hostname-override=${NODE}`,
    ]);
    await this.#programs.until('the node', async () => isReady(await ask(api, `/api/v1/nodes/${NODE}`)));
    const account = '/api/v1/namespaces/default/serviceaccounts/default';
    await this.#programs.until('the service account', async () => (await ask(api, account)) !== undefined);
  }

  async startContainerd(): Promise<void> {
    const config = join(this.#folder.path, 'containerd.toml');
    this.#programs.start('containerd', 'containerd', ['--config', config]);
    await this.#programs.until('containerd', () =>
      this.ctr('version').then(
        () => true,
        () => false,
      ),
    );
  }

  async restartContainerd(): Promise<void> {
    await this.#programs.kill('containerd');
    await this.startContainerd();
  }

  /**
   * Takes the images of an archive. Kubernetes asks for an image by digest without a registry only if it is known by
   * that whole name.
   */
  async importImage(archive: string): Promise<Record<string, string>> {
    const before = await this.#images();
    await this.ctr('images', 'import', archive);
    const digests: Record<string, string> = {};
    for (const [name, digest] of await this.#images()) {
      if (before.get(name) === digest || name.startsWith('sha256:') || name.includes('@')) continue;
      digests[name] = digest;
      await this.ctr('images', 'tag', '--force', name, `${name.replace(/:[^:/]*$/, '')}@${digest}`);
    }
    return digests;
  }

  async #images(): Promise<Map<string, string>> {
    const lines = (await this.ctr('images', 'list')).trim().split('\n').slice(1);
    return new Map(
      lines.map((line) => line.split(/\s+/)).map(([name = '', , digest = '']) => [name, digest]),
    );
  }

  /** A command of containerd's own client, among the images and containers of Kubernetes. */
  ctr(...args: string[]): Promise<string> {
    const address = join(this.#folder.path, 'containerd.sock');
    return run('ctr', ['--address', address, '--namespace', 'k8s.io', ...args]);
  }
}

/** Ready, and no longer kept free of pods. */
function isReady(answer: string | undefined): boolean {
  if (answer === undefined) return false;
  const { spec, status } = JSON.parse(answer) as {
    spec: { taints?: unknown[] };
    status: { conditions?: { type: string; status: string }[] };
  };
  const ready = status.conditions?.some((one) => one.type === 'Ready' && one.status === 'True') ?? false;
  return ready && (spec.taints ?? []).length === 0;
}

function cni({ path, bridge }: ClusterFolder, { subnet, address }: PodNetwork): object {
  return {
    cniVersion: '1.0.0',
    name: bridge,
    plugins: [
      {
        type: 'bridge',
        bridge,
        ipam: {
          type: 'host-local',
          dataDir: join(path, 'cni-addresses'),
          ranges: [[{ subnet, gateway: address }]],
        },
      },
    ],
  };
}

/** Settings that a sandboxed machine needs are harmless on any other. */
function containerdConfig(path: string): string {
  return `version = 2
root = "${path}/containerd"
state = "${path}/containerd-state"
disabled_plugins = [
  "io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.btrfs",
  "io.containerd.snapshotter.v1.devmapper", "io.containerd.snapshotter.v1.zfs",
]

[grpc]
address = "${path}/containerd.sock"

[plugins."io.containerd.internal.v1.opt"]
path = "${path}/containerd-opt"

[plugins."io.containerd.grpc.v1.cri"]
sandbox_image = "${PAUSE}"
disable_apparmor = true
restrict_oom_score_adj = true
netns_mounts_under_state_dir = true
stream_server_address = "127.0.0.1"
stream_server_port = "0"

[plugins."io.containerd.grpc.v1.cri".cni]
bin_dir = "${PLUGIN_FOLDER}"
conf_dir = "${path}/cni"

[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
runtime_type = "io.containerd.runc.v2"

[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
Root = "${path}/runc"
`;
}

function kubelet({ path, logs, cgroup }: ClusterFolder, port: number, address: string): object {
  return {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    address: '127.0.0.1',
    port,
    healthzPort: 0,
    readOnlyPort: 0,
    authentication: { anonymous: { enabled: true }, webhook: { enabled: false } },
    authorization: { mode: 'AlwaysAllow' },
    containerRuntimeEndpoint: `unix://${path}/containerd.sock`,
    podLogsDir: `${logs}/pods`,
    volumePluginDir: `${path}/volume-plugins`,
    // Two kubelets of one machine would remove each other's pods.
    cgroupRoot: `/${cgroup}`,
    cgroupDriver: 'cgroupfs',
    failCgroupV1: false,
    enforceNodeAllocatable: [],
    failSwapOn: false,
    oomScoreAdj: 0,
    featureGates: { KubeletInUserNamespace: true },
    makeIPTablesUtilChains: false,
    // Nobody answers there; without an address each pod gets a warning among its events.
    clusterDNS: [address],
    resolvConf: '',
    evictionHard: { 'memory.available': '100Mi', 'nodefs.available': '1%', 'imagefs.available': '1%' },
    maxPods: 50,
    // A test looks at what it has done at once.
    syncFrequency: '5s',
  };
}
