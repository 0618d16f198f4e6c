import type { Finding } from './finding.ts';
import { at } from './layers.ts';
import type { Path } from './source-file.ts';

/** What people call it who expect that a password will do. */
const KIND = /^(user_?)?(name_?)?pass(word)?(_.*)?$|^basic$|^snowflake$/i;
const KEY = /^(pass|passwd|password|pwd)$/i;

/** Whether this place of an environment asks for a sign-in to Snowflake by password, of which there is none. */
export function isPassword(value: unknown, path: Path): boolean {
  if (at(value, ['warehouse', 'kind']) !== 'snowflake') return false;
  const [first, ...rest] = path.map(String);
  if (first !== 'warehouse') return false;
  const [place, key = place] = rest;
  if (rest.length === 2 && place !== 'auth') return false;
  if (rest.join('.') === 'auth.kind') return KIND.test(String(at(value, path)));
  return rest.length <= 2 && KEY.test(String(key));
}

export const PASSWORD_AUTHENTICATION: Pick<Finding, 'name' | 'message' | 'help'> = {
  name: 'password-authentication',
  message: 'nobody signs in to Snowflake by password here: it would be kept, copied and guessed',
  help: 'write auth: { kind: workload_identity, provider: gcp } for pods, { kind: key_pair, user: NAME, secret: NAME_OF_A_SECRET } for a service, or { kind: external_browser, user: NAME } for a person',
};
