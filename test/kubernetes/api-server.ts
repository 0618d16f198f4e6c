import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const PROGRAMS = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kubectl'] as const;
/** No start and no command takes longer, also on a busy machine. */
const PATIENCE = 240_000;

/** The folder with the programs that `make e2e` builds, of the newest version; undefined where there are none. */
export function builtPrograms(): string | undefined {
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'pipegen/kubernetes');
  if (!existsSync(cache)) return undefined;
  const versions = readdirSync(cache).sort((a, b) => b.localeCompare(a, 'en', { numeric: true }));
  return versions
    .map((version) => join(cache, version, 'bin'))
    .find((bin) => PROGRAMS.every((program) => existsSync(join(bin, program))));
}

export interface Answer {
  readonly exit: number;
  /** Standard output. */
  readonly output: string;
  /** Standard error: what was refused and why. */
  readonly complaint: string;
}

/** A Kubernetes without nodes: it takes and judges objects, counts them for quotas, and runs nothing. */
export interface ApiServer extends AsyncDisposable {
  /** As an administrator, or by `--as` somebody else. */
  kubectl(args: readonly string[], input?: string): Promise<Answer>;
}

/** @param bin see `builtPrograms` */
export async function startApiServer(bin: string): Promise<ApiServer> {
  const folder = mkdtempSync(join(tmpdir(), 'pipegen-api-server-'));
  const at = (name: string) => join(folder, name);
  const children = new Map<string, ChildProcess>();
  const start = (name: (typeof PROGRAMS)[number], args: readonly string[]) => {
    const log = openSync(at(`${name}.log`), 'w');
    children.set(name, spawn(join(bin, name), args, { stdio: ['ignore', log, log] }));
    closeSync(log);
  };
  const dispose = async () => {
    // Asked politely an API server takes a minute; nothing of it is kept.
    await Promise.all([...children.values()].map(killed));
    rmSync(folder, { recursive: true, force: true });
  };
  const kubectl = (args: readonly string[], input = '') =>
    run(
      join(bin, 'kubectl'),
      ['--kubeconfig', at('kubeconfig'), `--cache-dir=${at('discovery')}`, ...args],
      input,
    );
  const until = async (what: string, holds: () => Promise<boolean>) => {
    for (const end = Date.now() + PATIENCE; !(await holds()); await sleep(200)) {
      const dead = [...children].find(([, { exitCode, signalCode }]) => (exitCode ?? signalCode) !== null);
      if (dead === undefined && Date.now() < end) continue;
      const log = readFileSync(at(`${dead?.[0] ?? 'kube-apiserver'}.log`), 'utf8').slice(-3000);
      throw new Error(`waited for ${what} in vain\n${log}`);
    }
  };
  try {
    const [etcd = 0, peers = 0, api = 0] = await freePorts(3);
    const key = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    });
    const token = randomBytes(24).toString('hex');
    writeFileSync(at('accounts.pub'), key.publicKey);
    writeFileSync(at('accounts.key'), key.privateKey, { mode: 0o600 });
    writeFileSync(at('tokens.csv'), `${token},admin,admin,system:masters\n`, { mode: 0o600 });
    writeFileSync(at('kubeconfig'), configOf(`https://127.0.0.1:${api}`, token), { mode: 0o600 });
    start('etcd', [
      `--data-dir=${at('etcd')}`,
      '--unsafe-no-fsync',
      `--listen-client-urls=http://127.0.0.1:${etcd}`,
      `--advertise-client-urls=http://127.0.0.1:${etcd}`,
      `--listen-peer-urls=http://127.0.0.1:${peers}`,
      `--initial-advertise-peer-urls=http://127.0.0.1:${peers}`,
      `--initial-cluster=default=http://127.0.0.1:${peers}`,
    ]);
    start('kube-apiserver', [
      `--etcd-servers=http://127.0.0.1:${etcd}`,
      '--bind-address=127.0.0.1',
      // Where there is no other network it would find no address of its own; nobody uses this one.
      '--advertise-address=192.0.2.1',
      `--secure-port=${api}`,
      `--cert-dir=${at('certificates')}`,
      `--token-auth-file=${at('tokens.csv')}`,
      '--authorization-mode=RBAC',
      '--service-account-issuer=https://kubernetes.default.svc',
      `--service-account-key-file=${at('accounts.pub')}`,
      `--service-account-signing-key-file=${at('accounts.key')}`,
      '--service-cluster-ip-range=10.255.0.0/24',
    ]);
    await until('the API server', async () => (await kubectl(['get', '--raw', '/readyz'])).exit === 0);
    start('kube-controller-manager', [
      `--kubeconfig=${at('kubeconfig')}`,
      '--leader-elect=false',
      '--secure-port=0',
      '--controllers=resourcequota-controller',
    ]);
    return { kubectl, [Symbol.asyncDispose]: dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

async function killed(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || (child.exitCode ?? child.signalCode) !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
}

function run(command: string, args: readonly string[], input: string): Promise<Answer> {
  return new Promise((resolve) => {
    const limits = { timeout: PATIENCE, maxBuffer: 64 * 1024 ** 2 };
    const child = execFile(command, args, limits, (error, output, complaint) => {
      const exit = error === null ? 0 : typeof error.code === 'number' ? error.code : 1;
      resolve({ exit, output, complaint });
    });
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input);
  });
}

/** Held at the same time, so that no two are the same. */
async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  const ports = await Promise.all(
    servers.map(
      (server) =>
        new Promise<number>((resolve, reject) => {
          server.once('error', reject);
          server.listen(0, '127.0.0.1', () => {
            const address = server.address();
            resolve(typeof address === 'object' && address !== null ? address.port : 0);
          });
        }),
    ),
  );
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

/** Its certificate is its own and of this minute. */
function configOf(server: string, token: string): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'test', cluster: { server, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'admin', user: { token } }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'admin' } }],
    'current-context': 'test',
  });
}
