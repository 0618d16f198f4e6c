import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Asked } from '../runtime/http/api.ts';

export interface Mounted {
  /** To be a `base_url`. */
  readonly url: string;
  readonly requests: number;
  readonly asked: readonly Asked[];
}

export interface Served extends AsyncDisposable {
  readonly port: number;
  /** An API of its own below a path of its own. */
  mount(answer: (asked: Asked, response: ServerResponse) => void): Mounted;
  close(): Promise<void>;
}

/** One server for many APIs: hundreds of cases don't need as many servers. */
export async function serve(): Promise<Served> {
  const mounted = new Map<string, { asked: Asked[]; answer(asked: Asked, response: ServerResponse): void }>();
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://api.test');
    const api = mounted.get(url.pathname.split('/')[1] ?? '');
    if (api === undefined) return void response.writeHead(421).end();
    const { headers, method = 'GET' } = request;
    const asked = { number: api.asked.length + 1, url, headers, method, text: '' };
    api.asked.push(asked);
    if (method !== 'GET') asked.text = await text(request);
    api.answer(asked, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return {
    port,
    mount(answer) {
      const name = `api${mounted.size + 1}`;
      const asked: Asked[] = [];
      mounted.set(name, { asked, answer });
      return {
        url: `http://127.0.0.1:${port}/${name}`,
        asked,
        get requests() {
          return asked.length;
        },
      };
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}
