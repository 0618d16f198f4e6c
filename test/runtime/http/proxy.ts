import { createServer, request as send } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

export interface Proxy {
  url: string;
  /** `CONNECT host:port`, or method and address of what was forwarded. */
  asked: string[];
  /** Values of `Proxy-Authorization`. */
  authorizations: (string | undefined)[];
  /** All that went through tunnels to servers. */
  tunnelled: Buffer[];
}

/** A forward proxy that finds every host at 127.0.0.1; with `refuse`, it answers that instead. */
export async function startProxy(refuse?: number): Promise<Proxy> {
  const proxy: Proxy = { url: '', asked: [], authorizations: [], tunnelled: [] };
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    proxy.asked.push(`${request.method} ${request.url}`);
    proxy.authorizations.push(request.headers['proxy-authorization']);
    if (refuse !== undefined) return void response.writeHead(refuse).end('{}');
    const { port, pathname, search } = new URL(request.url ?? '');
    const target = { host: '127.0.0.1', port, path: pathname + search, method: request.method };
    const onward = send({ ...target, headers: request.headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    });
    request.pipe(onward);
  });
  server.on('connection', (socket) => sockets.add(socket));
  server.on('connect', (request, client: Socket) => {
    proxy.asked.push(`CONNECT ${request.url}`);
    proxy.authorizations.push(request.headers['proxy-authorization']);
    if (refuse !== undefined) return void client.end(`HTTP/1.1 ${refuse} No\r\n\r\n`);
    const onward = connect(Number(request.url?.split(':').at(-1)), '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      client.on('data', (bytes: Buffer) => proxy.tunnelled.push(bytes));
      client.pipe(onward).pipe(client);
    });
    for (const one of [client, onward]) one.on('error', () => [client, onward].map((both) => both.destroy()));
    sockets.add(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  proxy.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return proxy;
}
