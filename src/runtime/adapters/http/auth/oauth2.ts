import type { OAuth2 } from '../../../../spec/auth.ts';
import { configuration, temporary } from '../../../errors.ts';
import type { Clock } from '../clock.ts';
import type { HttpRequest } from '../exchange.ts';
import type { Credentials } from './credentials.ts';
import { basic } from './fixed-secret.ts';

export interface Token {
  value: string;
  /** Milliseconds since 1970 from which on it is not used; undefined where the server does not say. */
  renewAt: number | undefined;
}

/** A token is renewed before its end, by this many milliseconds or a tenth of its life. */
const EARLY = 60_000;

/** Asks the token's server; counts every request by `onRequest`. */
export type FetchToken = (signal: AbortSignal, onRequest: () => void) => Promise<Token>;

/** One token for all requests: whoever needs it first fetches it, the others wait for that. */
export function clientCredentials(fetchToken: FetchToken, clock: Clock): Credentials {
  let token: Token | undefined;
  let fetching: Promise<Token> | undefined;

  async function current(signal: AbortSignal, onRequest: () => void): Promise<Token> {
    if (token !== undefined && (token.renewAt === undefined || clock.now() < token.renewAt)) return token;
    fetching ??= fetchToken(signal, onRequest).finally(() => {
      fetching = undefined;
    });
    token = await fetching;
    return token;
  }

  return {
    async sign(url, signal, onRequest) {
      const { value } = await current(signal, onRequest);
      return { url, headers: { Authorization: `Bearer ${value}` } };
    },
    renew({ headers }) {
      // Another slice may have done it already.
      if (headers.Authorization === `Bearer ${token?.value}`) token = undefined;
      return true;
    },
  };
}

/** As RFC 6749 (4.4.2 and 2.3.1) has it: id and secret are form-encoded before they are joined. */
export function tokenRequest(auth: OAuth2, url: URL, id: string, secret: string): HttpRequest {
  const form = new URLSearchParams({ grant_type: 'client_credentials' });
  if (auth.scope !== undefined) form.set('scope', auth.scope);
  if (auth.audience !== undefined) form.set('audience', auth.audience);
  if (auth.send === 'body') {
    form.set('client_id', id);
    form.set('client_secret', secret);
  }
  const headers: Record<string, string> =
    auth.send === 'basic' ? { Authorization: basic(formEncoded(id), formEncoded(secret)) } : {};
  const body = { text: form.toString(), type: 'application/x-www-form-urlencoded' };
  return { method: 'POST', url, headers, body };
}

/** The token in an answer, which is undefined where it is no JSON; `now` in milliseconds since 1970. Quotes nothing. */
export function readToken(document: unknown, now: number): Token {
  if (document === undefined) {
    throw temporary(
      'the server of token_url answered with what is not JSON. Try again later; if it lasts, check token_url of the source',
    );
  }
  const { access_token, token_type, expires_in } = (document ?? {}) as Record<string, unknown>;
  if (typeof access_token !== 'string' || !/^[\x21-\x7e]+$/.test(access_token)) {
    throw configuration(
      'the server of token_url answered without an access_token: check token_url of the source',
    );
  }
  if (typeof token_type === 'string' && token_type.toLowerCase() !== 'bearer') {
    throw configuration(
      'the server of token_url gives tokens of another type than bearer: they are not supported',
    );
  }
  const life = Number(expires_in) * 1000;
  const known = expires_in !== undefined && expires_in !== null && Number.isFinite(life) && life > 0;
  const renewAt = known ? now + life - Math.min(EARLY, life / 10) : undefined;
  return { value: access_token, renewAt };
}

function formEncoded(text: string): string {
  return new URLSearchParams({ '': text }).toString().slice(1);
}
