import type { Readable } from 'node:stream';
import { Storage } from '@google-cloud/storage';
import { configuration } from '../../errors.ts';
import { lostOf } from './lost.ts';
import { Passing } from './retries.ts';

export interface GcsRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below the endpoint, or the whole address of a resumable upload. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string;
}

export interface GcsResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly body: AsyncIterable<Buffer>;
}

/**
 * One request, sent once. Any answer is an answer; without one, or when it breaks off, it fails with `Passing` or
 * `StepError`.
 */
export type Send = (request: GcsRequest, signal: AbortSignal) => Promise<GcsResponse>;

/**
 * Requests to the JSON API with the library's credentials: a key file, workload identity, the metadata server. The
 * library's own methods are not used for them: all share one flag for retries that each switches for the others,
 * a checksum is passed over where a header is missing, an upload that arrived damaged is deleted without a
 * condition, one whose last answer is lost can't be resumed, and none can be stopped.
 * @param silence milliseconds without a byte until a connection counts as lost
 */
export function createClient(endpoint: string | undefined, silence: number): Send {
  const storage = new Storage({
    ...(endpoint === undefined ? {} : { apiEndpoint: endpoint }),
    // No request here names a project. Without one the library asks another service for it, by a right of its own.
    projectId: 'none',
  });
  const base = storage.apiEndpoint;
  const { origin } = new URL(base);
  // An emulator knows no credentials, and none may ever go over a wire that is not encrypted.
  const client = base.startsWith('http:') ? storage.authClient.fromAPIKey('none') : storage.authClient;

  return async ({ method, path, query = {}, headers, body }, signal) => {
    const url = new URL(path.startsWith('/') ? `${base}${path}` : path);
    if (url.origin !== origin && !mayBeTold(url, origin)) {
      throw configuration(
        `${origin} wants an upload to go to ${url.host}, which is not Google’s: see where store.endpoint leads`,
      );
    }
    const watch = new Watch(silence, signal);
    const options = {
      method,
      url,
      params: query,
      headers: { 'accept-encoding': 'identity', ...headers },
      ...(body === undefined ? {} : { data: body }),
      responseType: 'stream' as const,
      validateStatus: () => true,
      retry: false,
      // Bytes as they are stored: an object that is itself a gzip file must stay one.
      compress: false,
      signal: watch.signal,
    };
    try {
      // The library knows no limit for the token that it may have to fetch first.
      const response = await Promise.race([client.request<Readable>(options), watch.ended]);
      return { status: response.status, headers: response.headers, body: read(response.data, watch, origin) };
    } catch (error) {
      watch.end();
      throw watch.reason ?? lostOf(error, origin);
    }
  };
}

/** Where the address of an upload may lead away from the endpoint: the credentials go along. */
function mayBeTold({ protocol, hostname }: URL, origin: string): boolean {
  return origin.startsWith('http:') || (protocol === 'https:' && hostname.endsWith('.googleapis.com'));
}

async function* read(body: Readable | '', watch: Watch, origin: string): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      watch.alive();
      yield chunk;
    }
  } catch (error) {
    throw watch.reason ?? lostOf(error instanceof Error ? withAddress(error, origin) : error, origin);
  } finally {
    watch.end();
  }
}

/** A body that breaks off fails with an error of Node, which knows nothing of the request. */
function withAddress(error: Error, origin: string): Error {
  return Object.assign(error, { config: { url: origin } });
}

/** Ends a request when it is told to, or after silence. */
class Watch {
  readonly #silence: number;
  readonly #outer: AbortSignal;
  readonly #controller = new AbortController();
  readonly #stop = () => this.#controller.abort(this.#outer.reason);
  #timer: NodeJS.Timeout | undefined;

  constructor(silence: number, outer: AbortSignal) {
    this.#silence = silence;
    this.#outer = outer;
    if (outer.aborted) this.#stop();
    outer.addEventListener('abort', this.#stop, { once: true });
    this.alive();
  }

  /** Rejects as soon as it is ended. */
  get ended(): Promise<never> {
    const { signal } = this.#controller;
    return new Promise((_, reject) => {
      if (signal.aborted) reject(signal.reason);
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Why it was ended; undefined where it was not. */
  get reason(): unknown {
    return this.signal.aborted ? this.signal.reason : undefined;
  }

  alive(): void {
    clearTimeout(this.#timer);
    const lost = () => this.#controller.abort(new Passing(`nothing came for ${this.#silence / 1000} s`));
    this.#timer = setTimeout(lost, this.#silence).unref();
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#outer.removeEventListener('abort', this.#stop);
  }
}
