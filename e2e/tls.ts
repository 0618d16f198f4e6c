import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createServer } from 'node:tls';
import { run } from './cluster/run.ts';

/** An encrypted door to a server of this machine that speaks in the clear. */
export interface TlsDoor extends AsyncDisposable {
  /** `https://host:port` */
  readonly url: string;
  /** Breaks every connection and refuses new ones, as a service that is away. */
  shut(): Promise<void>;
  /** The same address again. */
  open(): Promise<void>;
}

/** The one that signs the certificates of these tests: made once and kept, for it stands in the image of the pods. */
export async function authority(): Promise<{ certificate: string; key: string }> {
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
  const folder = join(cache, 'pipegen/e2e-authority');
  const files = { certificate: join(folder, 'authority.pem'), key: join(folder, 'authority.key') };
  if (existsSync(folder)) return files;
  mkdirSync(dirname(folder), { recursive: true });
  const part = mkdtempSync(join(dirname(folder), 'e2e-authority-'));
  await openssl(
    ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '3650', '-subj', '/CN=pipegen e2e'],
    ...['-keyout', join(part, 'authority.key'), '-out', join(part, 'authority.pem')],
  );
  try {
    renameSync(part, folder);
  } catch {
    // Another test was quicker; its authority is as good.
    rmSync(part, { recursive: true });
  }
  return files;
}

/** Listens on a free port of `host`, with a certificate for it, and passes everything on to `port` of this machine. */
export async function openTlsDoor(host: string, port: number): Promise<TlsDoor> {
  const sockets = new Set<Socket>();
  const track = (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  };
  const server = createServer(await certificateFor(host), (inner) => {
    const outer = connect(port, '127.0.0.1');
    for (const [one, other] of [
      [inner, outer],
      [outer, inner],
    ] as const) {
      track(one);
      one.once('close', () => void other.destroy());
      // The close that follows says it to the other side.
      one.on('error', () => undefined);
      one.pipe(other);
    }
  });
  // Also one that never says a word: of a pod that is gone with its network nobody ever hears again.
  server.on('connection', track);
  // A client that goes away in the middle of the handshake.
  server.on('tlsClientError', () => undefined);
  const listen = (on: number) =>
    new Promise<number>((resolve, reject) => {
      server.once('error', reject);
      server.listen(on, host, () => {
        const address = server.address();
        if (address !== null && typeof address === 'object') resolve(address.port);
      });
    });
  const chosen = await listen(0);
  const shut = async () => {
    if (!server.listening) return;
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  return {
    url: `https://${host}:${chosen}`,
    shut,
    open: async () => void (await listen(chosen)),
    [Symbol.asyncDispose]: shut,
  };
}

async function certificateFor(host: string): Promise<{ cert: string; key: string }> {
  const signer = await authority();
  const folder = mkdtempSync(join(tmpdir(), 'pipegen-certificate-'));
  const files = { certificate: join(folder, 'door.pem'), key: join(folder, 'door.key') };
  try {
    await openssl(
      ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '30', '-subj', `/CN=${host}`],
      ...['-addext', `subjectAltName=IP:${host}`, '-addext', 'basicConstraints=critical,CA:FALSE'],
      ...['-CA', signer.certificate, '-CAkey', signer.key, '-keyout', files.key, '-out', files.certificate],
    );
    return { cert: readFileSync(files.certificate, 'utf8'), key: readFileSync(files.key, 'utf8') };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function openssl(...args: string[]): Promise<void> {
  await run('openssl', args);
}
