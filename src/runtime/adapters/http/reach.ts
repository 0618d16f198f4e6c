import { configuration } from '../../errors.ts';

/** Where a request may go, and whether with credentials. */
export type Reach =
  | { kind: 'own' }
  /** Named by allow_hosts: nothing of the spec but the address goes there. */
  | { kind: 'foreign' }
  /** `why` completes "… leads to HOST, "; `hint` is a sentence without its full stop. */
  | { kind: 'refused'; why: string; hint: string };

/**
 * Of the same origin as `base`, with credentials; named by `allowed`, without; anywhere else not at all. Never from
 * https back to http, where anyone on the way could read and change what is sent.
 */
export function reachOf(url: URL, base: URL, allowed: readonly string[]): Reach {
  if (url.origin === base.origin) return { kind: 'own' };
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    return { kind: 'refused', why: `by ${url.protocol} and not by https`, hint: 'Ask the API’s maker' };
  }
  if (base.protocol === 'https:' && url.protocol === 'http:') {
    return {
      kind: 'refused',
      why: 'by http although the source is asked by https',
      hint: 'What is sent without TLS can be read and changed on its way: ask the API’s maker for an address with https',
    };
  }
  if (allowed.includes(url.host)) return { kind: 'foreign' };
  const hint =
    url.hostname === base.hostname && url.protocol !== base.protocol
      ? 'If that is where the API is, set base_url to it'
      : 'If the data is there, add the host to allow_hosts of the source: it gets no credentials. If the API has moved there, set base_url';
  return { kind: 'refused', why: 'which is not where base_url is', hint };
}

/** For people: without what stands before the host, since that is a password; of other hosts without the query. */
export function shownOf(url: URL, base: URL | undefined, redact: (text: string) => string): string {
  const copy = new URL(url);
  copy.username = '';
  copy.password = '';
  // Addresses of files in stores carry their permission there.
  if (base !== undefined && url.origin !== base.origin) copy.search = '';
  return redact(copy.href);
}

/** The origin that a source's credentials are for. */
export function originOf(address: string, key: string): URL {
  const good = /^https?:\/\/[^/?#]/i.test(address) && !address.includes('${') && URL.canParse(address);
  if (good) return new URL(address);
  throw configuration(
    `${key} of the source must be an http or https address without open \${…}: correct it, or the variable that it takes its value from`,
  );
}
