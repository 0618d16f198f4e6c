import { REDACTED } from '../../redact.ts';
import type { HttpRequest } from './exchange.ts';

/**
 * The request that follows a redirect (RFC 9110, 15.4), still without credentials; undefined where the location is no
 * address. A POST becomes a GET where browsers do it too: on 301, 302 and 303.
 */
export function redirected(request: HttpRequest, status: number, location: string): HttpRequest | undefined {
  const url = URL.parse(location, request.url.href);
  if (url === null) return undefined;
  url.hash = '';
  url.username = '';
  url.password = '';
  if (request.method === 'GET' || status === 307 || status === 308) return { ...request, url };
  return { method: 'GET', url, headers: request.headers };
}

/**
 * The address for another host: without parameters that hold a secret, as a redirect that repeats its request does, or
 * the place of one that was taken out of a link; undefined where a secret stands elsewhere in it.
 */
export function withoutSecrets(url: URL, redact: (text: string) => string): URL | undefined {
  const clean = new URL(url);
  for (const [name, value] of url.searchParams) {
    if (redact(value).includes(REDACTED)) clean.searchParams.delete(name);
  }
  const left = redact(clean.href);
  return left === clean.href && !left.includes(REDACTED) ? clean : undefined;
}
