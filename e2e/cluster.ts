import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startControlPlane } from './cluster/control-plane.ts';
import { existingCluster } from './cluster/existing.ts';
import { createClusterFolder } from './cluster/folder.ts';
import { createBridge } from './cluster/network.ts';
import { Node } from './cluster/node.ts';
import { Programs } from './cluster/programs.ts';
import { Removal } from './cluster/removal.ts';
import { run } from './cluster/run.ts';
import { isProgram, missingTools } from './cluster/tools.ts';

export interface Cluster extends AsyncDisposable {
  /** Path of the kubeconfig of an administrator. */
  readonly kubeconfig: string;
  readonly kubectlPath: string;
  /** How pods reach servers of this machine that listen on it. */
  readonly hostAddress: string;
  /** What only a cluster of our own can do; undefined for one that was there before. */
  readonly node: ClusterNode | undefined;
  /** What pods run, in a cluster that was there before. */
  readonly image: { readonly repository: string; readonly digest: string } | undefined;
  /** A folder for files and for what runs on them: it goes with the cluster, and every program that names it. */
  readonly scratch: string;
  /** Says that the logs need not be kept: every test has passed. */
  forgetLogs(): void;
  /** What a command prints; throws unless it succeeds. */
  kubectl(args: readonly string[], stdin?: string): Promise<string>;
}

export interface ClusterNode {
  /**
   * Takes the images of an archive (`docker save`) under the names in it.
   * Returns the digest of each by its name: `repository@digest` is known to pods, too.
   */
  importImage(archive: string): Promise<Record<string, string>>;
  /** A part of an image, by its digest, as text. */
  blob(digest: string): Promise<string>;
  /** Kills containerd and starts it again; what runs in pods goes on meanwhile. */
  restartContainerd(): Promise<void>;
}

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/**
 * A Kubernetes with one node on this machine, of real parts; or, where PIPEGEN_E2E_KUBECONFIG names one, that cluster.
 * It is removed without a trace by its disposal, and also when its owner is interrupted or killed.
 * Throws with everything that is missing before it does anything.
 */
export async function startCluster(): Promise<Cluster> {
  if (process.env.PIPEGEN_E2E_KUBECONFIG) return existingCluster(process.env.PIPEGEN_E2E_KUBECONFIG);
  const bin = await builtPrograms();
  const folder = createClusterFolder();
  mkdirSync(join(folder.path, 'scratch'));
  await using stack = new AsyncDisposableStack();
  const removal = stack.use(new Removal(folder));
  const programs = new Programs(folder.logs);
  const node = new Node(folder, programs);
  const network = await createBridge(folder);
  const controlPlane = await startControlPlane(folder, bin, programs, network.address);
  await node.start(bin, controlPlane, network);
  const { kubeconfig } = controlPlane;
  const started = stack.move();
  return {
    kubeconfig,
    kubectlPath: join(bin, 'kubectl'),
    hostAddress: network.address,
    image: undefined,
    scratch: join(folder.path, 'scratch'),
    kubectl: (args, input = '') =>
      run(join(bin, 'kubectl'), ['--kubeconfig', kubeconfig, ...args], { input }),
    node: {
      importImage: (archive) => node.importImage(archive),
      blob: (digest) => node.ctr('content', 'get', digest),
      restartContainerd: () => node.restartContainerd(),
    },
    forgetLogs: () => removal.forgetLogs(),
    [Symbol.asyncDispose]: () => started.disposeAsync(),
  };
}

const SCRIPT = join(ROOT, 'scripts/kubernetes.sh');

/** The folder of Kubernetes' programs; builds what is missing. */
async function builtPrograms(): Promise<string> {
  const missing = missingTools();
  const built = await run(SCRIPT, ['--check']).catch(() => undefined);
  if (built === undefined && !isProgram('go')) missing.push(`${NOT_BUILT} and ${NO_GO}`);
  if (missing.length > 0) {
    throw new Error(
      `a cluster can't be started:\n${missing.map((one) => `- ${one}`).join('\n')}\nOr name a cluster of yours in PIPEGEN_E2E_KUBECONFIG; see docs/e2e.md.`,
    );
  }
  return (built ?? (await run(SCRIPT, []))).trim();
}

const NOT_BUILT = 'Kubernetes is not built yet';
const NO_GO = 'go is not there: install Go 1.24 or later (https://go.dev/dl)';

/** Why no cluster can be started at once; undefined where it can. A build of many minutes is nobody's surprise. */
export async function whyNoCluster(): Promise<string | undefined> {
  if (process.env.PIPEGEN_E2E_KUBECONFIG) return undefined;
  const built = await run(SCRIPT, ['--check']).then(
    () => true,
    () => false,
  );
  const missing = [
    ...missingTools(),
    ...(built ? [] : [`${NOT_BUILT}: make e2e, or scripts/kubernetes.sh, builds it once`]),
  ];
  return missing.length === 0 ? undefined : missing.join('; ');
}
