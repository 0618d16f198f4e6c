import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createMended, type Exchange, type Reply } from './mended.ts';

/** What goes wrong with a request. */
export type Fault =
  /** An answer of the front's own; the request goes nowhere. */
  | { kind: 'answer'; status: number; headers?: Record<string, string>; body?: string }
  /** The connection is reset before the request is passed on. */
  | { kind: 'reset' }
  /** The request is cut off after so many bytes of its body, which the server has got. */
  | { kind: 'cut-request'; after: number }
  /** The request is passed on, and the connection reset instead of an answer. */
  | { kind: 'lost-answer' }
  /** The answer is cut off after so many bytes of its body. */
  | { kind: 'cut-answer'; after: number }
  /** A byte in the middle of the answer's body is another. */
  | { kind: 'damaged-answer' }
  /** A byte of what is uploaded arrives as another. */
  | { kind: 'damaged-request' }
  /** Milliseconds before the request is passed on. */
  | { kind: 'late'; by: number }
  /** No answer at all. */
  | { kind: 'silent' };

export interface Seen {
  method: string;
  /** Path and query. */
  url: string;
  headers: IncomingMessage['headers'];
  /** Bytes of the body. */
  size: number;
}

export interface Front extends AsyncDisposable {
  readonly url: string;
  readonly requests: Seen[];
  /** For the next requests that match, one fault each, in order. */
  fail(match: RegExp, ...faults: Fault[]): void;
  /** Faults that no request has met yet; takes them back. */
  calm(): number;
}

/**
 * A server before the emulator: it does what the emulator leaves out (see `mended.ts`), writes down what was asked,
 * and makes go wrong what a test says. Requests match by `METHOD path?query`.
 * @param certificate what it shows of itself, in PEM; without one it speaks http
 */
export async function startFront(
  emulator: string,
  certificate?: { key: string; cert: string },
): Promise<Front> {
  const requests: Seen[] = [];
  const faults: { match: RegExp; fault: Fault }[] = [];
  const handle = createMended(emulator, () => front.url);
  const listener = (request: IncomingMessage, response: ServerResponse) => {
    const { socket } = request;
    answer(request, response, socket).catch(() => socket.destroy());
  };
  const server =
    certificate === undefined ? createServer(listener) : createSecureServer(certificate, listener);

  async function answer(request: IncomingMessage, response: ServerResponse, socket: Socket): Promise<void> {
    const { method = '', url = '', headers } = request;
    const found = faults.findIndex(({ match }) => match.test(`${method} ${url}`));
    const fault = found < 0 ? undefined : faults.splice(found, 1)[0]?.fault;
    const seen: Seen = { method, url, headers, size: 0 };
    requests.push(seen);
    const limit = fault?.kind === 'cut-request' ? fault.after : Number.POSITIVE_INFINITY;
    const chunks: Buffer[] = [];
    // Not destroyed by leaving the loop: the connection is to be reset later.
    for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      seen.size += chunk.length;
      if (seen.size >= limit) break;
    }
    const exchange: Exchange = { method, url: new URL(url, emulator), headers, body: Buffer.concat(chunks) };
    switch (fault?.kind) {
      case 'silent':
        return;
      case 'reset':
        socket.resetAndDestroy();
        return;
      case 'answer':
        response.writeHead(fault.status, fault.headers).end(fault.body ?? '');
        return;
      case 'late':
        await sleep(fault.by);
        break;
      case 'damaged-request':
        damage(exchange.body);
        break;
      case 'cut-request':
        exchange.body = exchange.body.subarray(0, fault.after);
        exchange.cut = true;
        break;
    }
    const reply = await handle(exchange);
    if (fault?.kind === 'lost-answer' || fault?.kind === 'cut-request') {
      socket.resetAndDestroy();
      return;
    }
    if (fault?.kind === 'damaged-answer') damage(reply.body);
    if (fault?.kind !== 'cut-answer') {
      send(response, reply).end();
      return;
    }
    const part = { ...reply, body: reply.body.subarray(0, fault.after) };
    send(response, part, reply.body.length);
    // What was written must be on its way before the connection goes.
    setTimeout(() => socket.destroy(), 50);
  }

  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const front: Front = {
    url: `${certificate === undefined ? 'http' : 'https'}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    fail: (match, ...list) => void faults.push(...list.map((fault) => ({ match, fault }))),
    calm: () => faults.splice(0).length,
    [Symbol.asyncDispose]: () => close(server),
  };
  return front;
}

function send(response: ServerResponse, { status, headers, body }: Reply, length = body.length) {
  response.writeHead(status, { ...headers, 'content-length': length });
  response.write(body);
  return response;
}

/** Within the content: the last bytes of an upload are its boundary. */
function damage(body: Buffer): void {
  const at = Math.floor(body.length / 2);
  body[at] = (body[at] ?? 0) ^ 0x01;
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}
