import type { Cluster } from '../cluster.ts';
import { createClusterFolder } from './folder.ts';
import { Removal } from './removal.ts';
import { run } from './run.ts';
import { isProgram } from './tools.ts';

/** A cluster that was there before and stays; throws with what is missing to use it. */
export async function existingCluster(kubeconfig: string): Promise<Cluster> {
  const hostAddress = process.env.PIPEGEN_E2E_HOST_ADDRESS;
  const [, repository, digest] =
    /^([^@\s]+)@(sha256:[0-9a-f]{64})$/.exec(process.env.PIPEGEN_E2E_IMAGE ?? '') ?? [];
  const missing = [
    ...(isProgram('kubectl') ? [] : ['kubectl is not there: see https://kubernetes.io/docs/tasks/tools']),
    ...(hostAddress === undefined
      ? ['PIPEGEN_E2E_HOST_ADDRESS is not set: an address of this machine that pods of the cluster reach']
      : []),
    ...(digest === undefined
      ? ['PIPEGEN_E2E_IMAGE is not REPOSITORY@sha256:… of an image that the cluster can pull']
      : []),
  ];
  if (hostAddress === undefined || repository === undefined || digest === undefined || missing.length > 0) {
    throw new Error(
      `the cluster of ${kubeconfig} can't be used:\n${missing.map((one) => `- ${one}`).join('\n')}`,
    );
  }
  const kubectl = (args: readonly string[], input = '') =>
    run('kubectl', ['--kubeconfig', kubeconfig, ...args], { input });
  await kubectl(['version']);
  const folder = createClusterFolder();
  const removal = new Removal(folder);
  return {
    kubeconfig,
    kubectlPath: 'kubectl',
    hostAddress,
    scratch: folder.path,
    node: undefined,
    image: { repository, digest },
    kubectl,
    forgetLogs: () => removal.forgetLogs(),
    [Symbol.asyncDispose]: () => removal[Symbol.asyncDispose](),
  };
}
