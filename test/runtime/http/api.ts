import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';

export interface Asked {
  /** From 1. */
  number: number;
  url: URL;
  headers: IncomingHttpHeaders;
  method: string;
  /** Body of the request. */
  text: string;
}

export interface Api {
  url: string;
  requests: Asked[];
}

/** A server that answers as the test says, ended with the test. */
export async function startApi(
  answer: (asked: Asked, response: ServerResponse) => void,
  tls?: { key: string; cert: string },
): Promise<Api> {
  const requests: Asked[] = [];
  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const url = new URL(request.url ?? '/', 'http://api.test');
    const { headers, method = 'GET' } = request;
    const asked = { number: requests.length + 1, url, headers, method, text: '' };
    requests.push(asked);
    if (method !== 'GET') asked.text = await text(request);
    answer(asked, response);
  };
  const server =
    tls === undefined
      ? createServer((request, response) => void handle(request, response))
      : createTlsServer(tls, (request, response) => void handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const protocol = tls === undefined ? 'http' : 'https';
  return { url: `${protocol}://127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
}

export function json(response: ServerResponse, document: unknown, status = 200, headers = {}): void {
  response
    .writeHead(status, { 'content-type': 'application/json', ...headers })
    .end(JSON.stringify(document));
}

/** Answers like a list of `total` records behind offset and limit, at most `cap` at a time. */
export function listPage(url: URL, total: number, cap = 1000): unknown {
  const offset = Number(url.searchParams.get('offset') ?? 0);
  const limit = Math.min(cap, Number(url.searchParams.get('limit') ?? cap));
  const count = Math.max(0, Math.min(limit, total - offset));
  const data = Array.from({ length: count }, (_, index) => ({ id: offset + index }));
  return { pagination: { limit, offset, count, total }, data };
}

/** The whole length announced, half of it sent, the connection cut. */
export function truncated(response: ServerResponse, document: unknown): void {
  const body = Buffer.from(JSON.stringify(document));
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
  response.write(body.subarray(0, body.length / 2), () => response.destroy());
}
