import type { Source as SourceSpec } from '../../../spec/source.ts';
import { configuration } from '../../errors.ts';
import { createRedactor } from '../../redact.ts';

/** Shorter keys can stand in data by chance, and what is masked there would be lost. */
const SHORTEST_TO_MASK = 16;

/** Puts the key where the API wants it. Last, so that nothing before it can print it. */
export function signer(
  auth: SourceSpec['auth'],
  key: string | undefined,
): (url: URL) => { url: URL; headers: Record<string, string> } {
  if (auth === undefined || key === undefined) return (url) => ({ url, headers: {} });
  if (/^\s|\s$|\p{Cc}/u.test(key) || (auth.in === 'header' && !/^[\x20-\x7e]+$/.test(key))) {
    throw configuration(
      `the secret in ${auth.secret} begins or ends with white space, or holds a character that no key has: set it again, without a line break`,
    );
  }
  if (auth.in === 'header') return (url) => ({ url, headers: { [auth.name]: key } });
  return (url) => {
    const signed = new URL(url);
    signed.searchParams.set(auth.name, key);
    return { url: signed, headers: {} };
  };
}

/**
 * The body of a page without the key: an API may repeat its request, in a link to the next page for instance, and
 * what is landed stays for months. Everything else stays byte for byte.
 */
export function createMask(key: string | undefined): (body: Uint8Array) => Uint8Array {
  if (key === undefined) return (body) => body;
  const redact = createRedactor([key]);
  return (body) => {
    const text = Buffer.from(body).toString('utf8');
    const clean = redact(text);
    if (clean === text) return body;
    if (key.length >= SHORTEST_TO_MASK) return Buffer.from(clean);
    throw configuration(
      `the API's answer holds the text of the key, which is too short (below ${SHORTEST_TO_MASK} characters) to be told apart from data and masked: use a longer key`,
    );
  };
}
