import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Api, ask } from './api.ts';
import type { ClusterFolder } from './folder.ts';
import { freePorts } from './network.ts';
import type { Programs } from './programs.ts';

export interface ControlPlane {
  /** The path of a kubeconfig of an administrator. */
  readonly kubeconfig: string;
  readonly api: Api;
}

/** Those that pods, namespaces, quotas and service accounts need; all of them would keep a small machine busy. */
const CONTROLLERS = [
  'garbage-collector-controller',
  'namespace-controller',
  'node-lifecycle-controller',
  'pod-garbage-collector-controller',
  'resourcequota-controller',
  'root-ca-certificate-publisher-controller',
  'serviceaccount-controller',
  'serviceaccount-token-controller',
  'taint-eviction-controller',
];

/**
 * Starts etcd, the API server, the scheduler and the controller manager on free ports of this machine, and waits
 * until the API answers.
 */
export async function startControlPlane(
  folder: ClusterFolder,
  bin: string,
  programs: Programs,
  address: string,
): Promise<ControlPlane> {
  const at = (name: string) => join(folder.path, name);
  const [etcd = 0, peers = 0, api = 0] = await freePorts(3);
  const key = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  writeFileSync(at('service-accounts.pub'), key.publicKey);
  writeFileSync(at('service-accounts.key'), key.privateKey, { mode: 0o600 });
  const token = randomBytes(24).toString('hex');
  writeFileSync(at('tokens.csv'), `${token},admin,admin,system:masters\n`, { mode: 0o600 });
  mkdirSync(at('certificates'));

  programs.start('etcd', join(bin, 'etcd'), [
    `--data-dir=${at('etcd')}`,
    // What is lost with the machine's power is a cluster that lives for minutes.
    '--unsafe-no-fsync',
    `--listen-client-urls=http://127.0.0.1:${etcd}`,
    `--advertise-client-urls=http://127.0.0.1:${etcd}`,
    `--listen-peer-urls=http://127.0.0.1:${peers}`,
    `--initial-advertise-peer-urls=http://127.0.0.1:${peers}`,
    `--initial-cluster=default=http://127.0.0.1:${peers}`,
    '--log-level=warn',
  ]);
  programs.start('kube-apiserver', join(bin, 'kube-apiserver'), [
    `--etcd-servers=http://127.0.0.1:${etcd}`,
    '--bind-address=127.0.0.1',
    `--secure-port=${api}`,
    // Where there is no other network it would find no address of its own.
    `--advertise-address=${address}`,
    `--cert-dir=${at('certificates')}`,
    `--token-auth-file=${at('tokens.csv')}`,
    '--authorization-mode=RBAC',
    '--service-account-issuer=https://kubernetes.default.svc',
    `--service-account-key-file=${at('service-accounts.pub')}`,
    `--service-account-signing-key-file=${at('service-accounts.key')}`,
    '--service-cluster-ip-range=10.255.0.0/24',
    '--kubelet-preferred-address-types=Hostname',
    '--profiling=false',
  ]);
  const answering = {
    server: `https://127.0.0.1:${api}`,
    authority: at('certificates/apiserver.crt'),
    token,
  };
  const kubeconfig = at('kubeconfig');
  writeFileSync(kubeconfig, configOf(answering), { mode: 0o600 });
  await programs.until('the API server', async () => (await ask(answering, '/readyz')) === 'ok');

  const common = ['--kubeconfig', kubeconfig, '--leader-elect=false', '--secure-port=0', '--profiling=false'];
  programs.start('kube-scheduler', join(bin, 'kube-scheduler'), common);
  programs.start('kube-controller-manager', join(bin, 'kube-controller-manager'), [
    ...common,
    `--controllers=${CONTROLLERS.join(',')}`,
    `--service-account-private-key-file=${at('service-accounts.key')}`,
    `--root-ca-file=${answering.authority}`,
  ]);
  return { kubeconfig, api: answering };
}

function configOf({ server, authority, token }: Api): string {
  return `${JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'e2e', cluster: { server, 'certificate-authority': authority } }],
    users: [{ name: 'admin', user: { token } }],
    contexts: [{ name: 'e2e', context: { cluster: 'e2e', user: 'admin' } }],
    'current-context': 'e2e',
  })}\n`;
}
