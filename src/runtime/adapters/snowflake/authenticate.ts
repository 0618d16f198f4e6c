import { createPrivateKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { ConnectionOptions } from 'snowflake-sdk';
import { authFile, type SnowflakeAuth } from '../../../spec/snowflake.ts';
import type { StepContext } from '../../context.ts';
import { configuration } from '../../errors.ts';

export type Keys = Pick<StepContext, 'secret' | 'redact' | 'home' | 'environment'>;

/** Bits; Snowflake takes none that is shorter. */
const SHORTEST_KEY = 2048;

/**
 * What the driver needs to sign in, read anew for each session: a token in a file may have been renewed. Fails as
 * configuration where a secret or a file is missing or is not what it must be.
 */
export async function authentication(
  auth: SnowflakeAuth | undefined,
  keys: Keys,
): Promise<ConnectionOptions> {
  if (auth === undefined) {
    // An emulator on this machine, which looks at no token; the driver insists on one.
    return { authenticator: 'OAUTH', username: 'pipegen', token: 'none' };
  }
  switch (auth.kind) {
    case 'workload_identity':
      return {
        authenticator: 'WORKLOAD_IDENTITY',
        workloadIdentityProvider: PROVIDERS[auth.provider],
        ...(auth.provider === 'oidc' ? { token: await readCredential(auth, undefined, keys) } : {}),
      };
    case 'key_pair':
      return {
        authenticator: 'SNOWFLAKE_JWT',
        username: auth.user,
        privateKey: openKey(
          await readCredential(auth, auth.secret, keys),
          auth.passphrase === undefined ? undefined : keys.secret(auth.passphrase),
        ),
      };
    case 'oauth':
      return { authenticator: 'OAUTH', token: await readCredential(auth, auth.secret, keys) };
    case 'external_browser':
      // A step of `pipegen run` has the terminal of its parent.
      if (keys.environment.PIPEGEN_TERMINAL !== '1' && !process.stdin.isTTY) {
        throw configuration(
          'auth.kind external_browser waits for a person who signs in, and nobody is there: use `pipegen run` in a terminal, or another kind such as workload_identity or key_pair',
        );
      }
      return { authenticator: 'EXTERNALBROWSER', username: auth.user };
  }
}

const PROVIDERS = { gcp: 'GCP', aws: 'AWS', azure: 'AZURE', oidc: 'OIDC' } as const;

async function readCredential(
  auth: SnowflakeAuth,
  secret: string | undefined,
  { home, redact, ...keys }: Keys,
): Promise<string> {
  if (secret !== undefined) return keys.secret(secret);
  const path = resolve(home, authFile(auth) ?? '');
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw configuration(`the credentials of Snowflake in ${path} can’t be read (${error.code})`, error);
  });
  const credential = text.trim();
  if (credential === '') throw configuration(`${path} is empty: it must hold the credentials of Snowflake`);
  redact.add(credential);
  return credential;
}

/** The key as the driver takes it: PKCS #8, not encrypted. It never leaves the memory of the process. */
function openKey(text: string, passphrase: string | undefined): string {
  // Where a secret has to be one line, its ends of lines are written out.
  const pem = text.includes('\n') ? text : text.replaceAll('\\n', '\n');
  const encrypted = /^-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: 4,ENCRYPTED/m.test(pem);
  if (encrypted && passphrase === undefined) {
    throw configuration(
      'the private key of Snowflake is encrypted: name the secret that opens it as auth.passphrase',
    );
  }
  const key = readKey(pem, encrypted ? passphrase : undefined);
  if (key.asymmetricKeyType !== 'rsa' || (key.asymmetricKeyDetails?.modulusLength ?? 0) < SHORTEST_KEY) {
    throw configuration(
      `the private key of Snowflake must be of RSA with ${SHORTEST_KEY} bits or more: make one by \`openssl genrsa 2048 | openssl pkcs8 -topk8 -inform PEM\``,
    );
  }
  return key.export({ format: 'pem', type: 'pkcs8' }).toString();
}

function readKey(pem: string, passphrase: string | undefined): ReturnType<typeof createPrivateKey> {
  try {
    return createPrivateKey(
      passphrase === undefined ? { key: pem, format: 'pem' } : { key: pem, format: 'pem', passphrase },
    );
  } catch (error) {
    throw configuration(
      passphrase === undefined
        ? 'the private key of Snowflake is not one: it must be PEM that begins with -----BEGIN PRIVATE KEY-----'
        : 'auth.passphrase does not open the private key of Snowflake: one of the two belongs to another key',
      error,
    );
  }
}
