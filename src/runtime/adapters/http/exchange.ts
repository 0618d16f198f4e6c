import type { Readable } from 'node:stream';
import axios from 'axios';

/**
 * A page is held in memory, parsed and compressed, several at a time: more than this would end a container of the
 * default size (1Gi) in an out-of-memory kill that says nothing. Pages of 1,000 flights have 1.3 MB.
 */
export const MAX_BODY_BYTES = 64 * 1024 * 1024;

/** What came back for one request. */
export type Exchange =
  | { kind: 'answer'; status: number; body: Buffer; retryAfter?: string; location?: string }
  /** No whole answer; `reason` is a sentence without the URL. */
  | { kind: 'broken'; status: number | null; reason: string }
  | { kind: 'too_large'; status: number };

const REASONS: Record<string, string> = {
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection broke off',
  ECONNABORTED: 'the connection broke off',
  EPIPE: 'the connection broke off',
  ERR_STREAM_PREMATURE_CLOSE: 'the connection broke off in the middle of the answer',
  ETIMEDOUT: 'the connection timed out',
  EHOSTUNREACH: 'the host could not be reached',
  ENETUNREACH: 'the network could not be reached',
  ENOTFOUND: 'the host name is not known',
  EAI_AGAIN: 'the host name could not be looked up',
  Z_DATA_ERROR: 'the answer could not be decompressed',
  Z_BUF_ERROR: 'the answer could not be decompressed',
};

/**
 * One GET, as it is: no redirect followed, no status refused, the body byte for byte after its content encoding is
 * undone. `timeout` (milliseconds) is for the whole of it. Throws only the reason of the aborted signal.
 */
export async function exchange(
  url: URL,
  headers: Record<string, string>,
  timeout: number,
  signal: AbortSignal,
): Promise<Exchange> {
  signal.throwIfAborted();
  const end = new AbortController();
  const stop = () => end.abort();
  const timer = setTimeout(stop, timeout);
  signal.addEventListener('abort', stop, { once: true });
  let status: number | null = null;
  try {
    const response = await axios.request<Readable>({
      method: 'GET',
      url: url.href,
      headers: { Accept: 'application/json', 'User-Agent': 'pipegen', ...headers },
      responseType: 'stream',
      maxRedirects: 0,
      validateStatus: () => true,
      signal: end.signal,
    });
    status = response.status;
    const body = await readBody(response.data);
    if (body === undefined) return { kind: 'too_large', status };
    const { 'retry-after': retryAfter, location } = response.headers as Record<string, string | undefined>;
    return {
      kind: 'answer',
      status,
      body,
      ...(retryAfter === undefined ? {} : { retryAfter }),
      ...(location === undefined ? {} : { location }),
    };
  } catch (error) {
    signal.throwIfAborted();
    if (end.signal.aborted) {
      return { kind: 'broken', status, reason: `no whole answer within ${timeout} ms` };
    }
    return { kind: 'broken', status, reason: reasonOf(error, status) };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  }
}

async function readBody(stream: Readable): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    size += chunk.length;
    // Leaving the loop destroys the stream and with it the connection.
    if (size > MAX_BODY_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}

/** By the error's code alone: its message may hold the URL, and the URL the key. */
function reasonOf(error: unknown, status: number | null): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  if (code === 'ECONNRESET' && status !== null) return 'the connection broke off in the middle of the answer';
  return REASONS[code] ?? `the request failed${/^[A-Z0-9_]+$/.test(code) ? ` with ${code}` : ''}`;
}
