import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

const compress = promisify(gzip);

/** Below it, compressing makes a body longer. */
const LEAST_COMPRESSED = 1_024;

export const JSON_TYPE = 'application/json; charset=utf-8';

export interface Reply {
  status: number;
  body: string;
  contentType?: string;
  headers?: OutgoingHttpHeaders;
  /** Close the connection after half of the body, though the whole length was announced. */
  truncate?: boolean;
}

/** Sends an answer, gzipped when the client accepts it. */
export async function send(request: IncomingMessage, response: ServerResponse, reply: Reply): Promise<void> {
  let body = Buffer.from(reply.body);
  const headers: OutgoingHttpHeaders = {
    'content-type': reply.contentType ?? JSON_TYPE,
    vary: 'accept-encoding',
    ...reply.headers,
  };
  if (body.length >= LEAST_COMPRESSED && acceptsGzip(request.headers['accept-encoding'])) {
    // The fastest level: the client is on the same machine.
    body = await compress(body, { level: 1 });
    headers['content-encoding'] = 'gzip';
  }
  headers['content-length'] = body.length;
  response.writeHead(reply.status, headers);
  if (reply.truncate === true) {
    response.write(body.subarray(0, Math.floor(body.length / 2)), () => response.socket?.destroy());
  } else {
    response.end(request.method === 'HEAD' ? undefined : body);
  }
}

function acceptsGzip(header: string | string[] | undefined): boolean {
  return String(header ?? '')
    .split(',')
    .some((one) => /^\s*(gzip|\*)\s*($|;)/i.test(one) && !/;\s*q=0(\.0*)?\s*$/i.test(one));
}
