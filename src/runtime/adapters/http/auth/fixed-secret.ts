import type { Auth } from '../../../../spec/auth.ts';
import { configuration } from '../../../errors.ts';
import { type Credentials, fixed } from './credentials.ts';

/** @param secret its value, not its name */
export function fixedSecret(auth: Exclude<Auth, { kind: 'oauth2' }>, secret: string): Credentials {
  const ascii = auth.kind === 'bearer' || (auth.kind === 'api_key' && auth.in === 'header');
  requireClean(secret, auth.secret, ascii);
  if (auth.kind === 'bearer') return header('Authorization', `Bearer ${secret}`);
  if (auth.kind === 'basic') return header('Authorization', basic(auth.user, secret));
  if (auth.in === 'header') return header(auth.name, secret);
  return fixed((url) => {
    const signed = new URL(url);
    signed.searchParams.set(auth.name, secret);
    return { url: signed, headers: {} };
  });
}

/** In UTF-8, as RFC 7617 (2.1) recommends. */
export function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

/** @param variable where the secret comes from, for the message */
export function requireClean(secret: string, variable: string, ascii: boolean): void {
  if (!/^\s|\s$|\p{Cc}/u.test(secret) && (!ascii || /^[\x20-\x7e]+$/.test(secret))) return;
  throw configuration(
    `the secret in ${variable} begins or ends with white space, or holds a character that no key has: set it again, without a line break`,
  );
}

function header(name: string, value: string): Credentials {
  return fixed((url) => ({ url, headers: { [name]: value } }));
}
