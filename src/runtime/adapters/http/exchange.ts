import {
  type ClientRequest,
  request as httpRequest,
  type IncomingMessage,
  type RequestOptions,
} from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Readable } from 'node:stream';
import { TLSSocket } from 'node:tls';
import axios from 'axios';
import { namesLinkLocal } from './addresses.ts';
import { type Agents, FORBIDDEN_ADDRESS } from './agents.ts';
import { ACCEPT_ENCODING, readBody, UnknownEncoding } from './body.ts';
import { reasonOf, troubleWithCertificate } from './reasons.ts';

export interface RequestBody {
  text: string;
  /** Content type. */
  type: string;
}

export interface HttpRequest {
  method: 'GET' | 'POST';
  url: URL;
  /** Names in any case. */
  headers: Readonly<Record<string, string>>;
  body?: RequestBody | undefined;
}

export interface Limits {
  /** Milliseconds for all of it. */
  total: number;
  /** Milliseconds until the connection stands. */
  connect: number;
  /** Milliseconds without a byte. */
  idle: number;
  /** Bytes of a body after its content encoding is undone. */
  bytes: number;
  allowLinkLocal: boolean;
}

/** Names in lower case; of several of one name, joined by a comma. */
export type Headers = Readonly<Record<string, string>>;

/** What came back for one request. */
export type Exchange =
  | { kind: 'answer'; status: number; headers: Headers; body: Buffer }
  /** No whole answer, and a retry may bring one; `reason` is a sentence without the URL. */
  | { kind: 'broken'; status: number | null; reason: string }
  /** No retry brings one; `hint` is a sentence without its full stop. */
  | { kind: 'refused'; reason: string; hint: string }
  | { kind: 'too_large'; status: number; headers: Headers };

/** Milliseconds after connect_timeout by which whatever still holds a connection lets go of it. */
const LATER = 1000;

const LINK_LOCAL: Exchange = {
  kind: 'refused',
  reason: 'the host is a link-local or metadata address, where no API is',
  hint: 'Correct the address, or set allow_link_local of the source if it is meant',
};

/**
 * One request, as it is: no redirect followed, no status refused, the body byte for byte after its content encoding
 * is undone. Throws only the reason of the aborted signal.
 */
export async function exchange(
  request: HttpRequest,
  agents: Agents,
  limits: Limits,
  signal: AbortSignal,
): Promise<Exchange> {
  signal.throwIfAborted();
  if (!limits.allowLinkLocal && namesLinkLocal(request.url)) return LINK_LOCAL;
  let sent: ClientRequest | undefined;
  let ended: string | undefined;
  let status: number | null = null;
  const given = new AbortController();
  const end = (why: string) => {
    ended ??= why;
    // A request without a connection hears nothing of its own end; axios does.
    given.abort();
    sent?.destroy(new Error(why));
  };
  const stop = () => end('');
  const total = setTimeout(end, limits.total, `no whole answer within ${limits.total} ms (timeout)`);
  const connect = setTimeout(
    end,
    limits.connect,
    `no connection within ${limits.connect} ms (connect_timeout)`,
  );
  signal.addEventListener('abort', stop, { once: true });
  const transport = {
    request(options: RequestOptions, handle: (response: IncomingMessage) => void): ClientRequest {
      // Of use to the way through a proxy, which nothing else would give up.
      const patience = { timeout: limits.connect + LATER };
      const make = options.protocol === 'https:' ? httpsRequest : httpRequest;
      sent = make({ ...options, ...patience }, handle);
      whenConnected(sent, () => clearTimeout(connect));
      sent.on('timeout', () => end(`no byte came for ${limits.idle} ms (idle_timeout)`));
      return sent;
    },
  };
  try {
    const response = await axios.request<Readable>({
      method: request.method,
      url: request.url.href,
      headers: headersOf(request),
      ...(request.body === undefined ? {} : { data: request.body.text, transformRequest: [] }),
      responseType: 'stream',
      // Its own way lets a compressed body end early without an error.
      decompress: false,
      maxRedirects: 0,
      // For axios, too, this is the silence on the connection; but it watches no body.
      timeout: limits.idle,
      signal: given.signal,
      validateStatus: () => true,
      httpAgent: agents.http,
      httpsAgent: agents.https,
      // The agents know the proxies. With `false` axios would take that from them.
      ...(!agents.proxied ? { proxy: false } : {}),
      transport,
    });
    status = response.status;
    const headers = plainHeaders(response.headers);
    const body = await readBody(response.data, encodingOf(status, headers), limits.bytes);
    if (body === undefined) return { kind: 'too_large', status, headers };
    return { kind: 'answer', status, headers, body };
  } catch (error) {
    signal.throwIfAborted();
    if (ended !== undefined) return { kind: 'broken', status, reason: ended };
    return failureOf(error, status);
  } finally {
    clearTimeout(total);
    clearTimeout(connect);
    signal.removeEventListener('abort', stop);
  }
}

function whenConnected(request: ClientRequest, then: () => void): void {
  request.once('socket', (socket) => {
    if (socket instanceof TLSSocket) {
      // A tunnelled or reused one has its TLS already.
      if (socket.getProtocol() === null || socket.connecting) socket.once('secureConnect', then);
      else then();
    } else if (socket.connecting) socket.once('connect', then);
    else then();
  });
}

function headersOf({ headers, body }: HttpRequest): Record<string, string> {
  const all: [string, string][] = [
    ['User-Agent', 'pipegen'],
    ['Accept', 'application/json'],
    ...(body === undefined ? [] : [['Content-Type', body.type] satisfies [string, string]]),
    ...Object.entries(headers),
    ['Accept-Encoding', ACCEPT_ENCODING],
  ];
  // The last of a name counts, whatever its case.
  return Object.fromEntries(
    new Map(all.map(([name, value]) => [name.toLowerCase(), [name, value] as const])).values(),
  );
}

function plainHeaders(headers: object): Headers {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name.toLowerCase(),
      Array.isArray(value) ? value.join(', ') : String(value),
    ]),
  );
}

/** Where there is no body there is nothing to undo. */
function encodingOf(status: number, headers: Headers): string {
  const empty = status === 204 || status === 304 || headers['content-length'] === '0';
  return empty ? '' : (headers['content-encoding'] ?? '');
}

function failureOf(error: unknown, status: number | null): Exchange {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  if (code === FORBIDDEN_ADDRESS) return LINK_LOCAL;
  const certificate = troubleWithCertificate(code);
  if (certificate !== undefined) return { kind: 'refused', ...certificate };
  if (error instanceof UnknownEncoding) {
    return { kind: 'broken', status, reason: `the answer ${error.message}` };
  }
  return { kind: 'broken', status, reason: reasonOf(code, error, status) };
}
