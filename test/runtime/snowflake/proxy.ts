import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Login {
  readonly query: URLSearchParams;
  /** `data` of the body. */
  readonly data: Readonly<Record<string, unknown>>;
}

/** Stands between the driver and the emulator: sees what a login sends, and can be as silent as a dead network. */
export interface LoginProxy extends AsyncDisposable {
  readonly url: string;
  readonly logins: Login[];
  /** Query parameters of the login that do not arrive: Snowflake ignores names that are not granted. */
  readonly withheld: Set<string>;
  /** From now on nothing is passed on, and nothing is refused either. */
  silence(): void;
}

export async function startProxy(target: string): Promise<LoginProxy> {
  const logins: Login[] = [];
  const withheld = new Set<string>();
  let silent = false;
  const server = createServer((incoming, outgoing) => {
    if (silent) return;
    void forward(incoming, outgoing).catch(() => outgoing.destroy());
  });
  const forward = async (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const url = new URL(incoming.url ?? '/', target);
    const body = Buffer.concat(await incoming.toArray());
    if (url.pathname === '/session/v1/login-request') {
      const { data } = JSON.parse(body.toString()) as { data: Record<string, unknown> };
      logins.push({ query: new URLSearchParams(url.search), data });
      for (const name of withheld) url.searchParams.delete(name);
    }
    const { method, headers } = incoming;
    const onward = request(url, { ...(method === undefined ? {} : { method }), headers }, (answer) => {
      if (silent) return;
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    onward.once('error', () => outgoing.destroy());
    onward.end(body);
  };
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    logins,
    withheld,
    silence: () => {
      silent = true;
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
