import type { Format } from '../../../spec/format.ts';
import type { ListOutline } from './formats/outline.ts';

/** A request for a page as paging wants it, still without credentials. */
export interface PageRequest<Value> {
  /** Absolute; may lead to another host where the source allows it. */
  url: URL;
  method: 'GET' | 'POST';
  /** Beside those of the source. */
  headers: Readonly<Record<string, string>>;
  /** JSON of a POST. */
  body: string | undefined;
  /** What an accepted answer is; decides what is asked for by `Accept`, and whether it must be JSON. */
  format: Format['kind'];
  /** Path of the list of records in JSON, of which nothing but the number is wanted. */
  records?: string;
  signal: AbortSignal;
  /** Called just before each request is sent, retries included. */
  onRequest(): void;
  /** What an answer that is no error is worth; throws `NotAPage`, `Damaged` or `Loop`. */
  accept(answer: PageAnswer): Value | Promise<Value>;
}

export interface PageAnswer {
  /** By name in lower case; several of one name are joined by ", ". */
  headers: Readonly<Record<string, string>>;
  /** As received, content encoding undone. */
  body: Buffer;
  /** The body as JSON; undefined for another format. */
  document: unknown;
  /** The list of records, where the document was only read around it. */
  list?: ListOutline | undefined;
}

/**
 * Requests of one source: credentials, rate limit, budget, retries and error rules are its own. Fails with
 * `HttpFailure`, whose `status` is the last answer's.
 */
export interface Transport {
  send<Value>(request: PageRequest<Value>): Promise<Value>;
  /** A body without the secrets that the API repeated in it; everything else byte for byte. */
  mask(body: Buffer): Buffer;
}
