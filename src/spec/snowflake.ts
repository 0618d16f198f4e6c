import { z } from 'zod';

/** Without quotes in SQL, so that it is upper case there whichever way it is written here. */
const identifier = z
  .string()
  .regex(
    /^[A-Za-z_][A-Za-z0-9_$]{0,254}$/,
    'must start with a letter or _ and hold only letters, digits, _ and $',
  );

const file = z.string().min(1);

/** One object for each kind rather than a union inside, so that a mistake in it is told where it is. */
export const snowflakeAuth = z.discriminatedUnion('kind', [
  z
    .strictObject({
      kind: z
        .literal('workload_identity')
        .describe('The identity of the machine or pod itself: there is no secret to keep or to leak.'),
      provider: z
        .enum(['gcp', 'aws', 'azure', 'oidc'])
        .describe('Who vouches for it: the cloud, or a token of OpenID Connect in token_file.'),
      token_file: file
        .optional()
        .describe('With oidc: the file that holds the token; read anew for each session.'),
    })
    .refine(({ provider, token_file }) => provider !== 'oidc' || token_file !== undefined, {
      message: 'needs token_file with it',
      path: ['provider'],
    })
    .refine(({ provider, token_file }) => provider === 'oidc' || token_file === undefined, {
      message: 'is for the provider oidc only',
      path: ['token_file'],
    }),
  z
    .strictObject({
      kind: z.literal('key_pair').describe('A private key whose public key Snowflake knows the user by.'),
      user: z.string().min(1).describe('Who signs in.'),
      secret: z.string().min(1).optional().describe('The private key as PEM, encrypted or not.'),
      file: file.optional().describe('Instead of secret: the file that holds it.'),
      passphrase: z
        .string()
        .min(1)
        .optional()
        .describe('The secret that opens the key where it is encrypted.'),
    })
    .refine(({ secret, file }) => (secret === undefined) !== (file === undefined), {
      message: 'needs either secret or file',
    }),
  z
    .strictObject({
      kind: z.literal('oauth').describe('A token that somebody else obtains and renews.'),
      secret: z.string().min(1).optional().describe('The access token.'),
      token_file: file
        .optional()
        .describe('Instead of secret: the file that holds it; read anew for each session.'),
    })
    .refine(({ secret, token_file }) => (secret === undefined) !== (token_file === undefined), {
      message: 'needs either secret or token_file',
    }),
  z.strictObject({
    kind: z.literal('external_browser').describe('For people: the browser opens and they sign in.'),
    user: z.string().min(1).describe('Who signs in.'),
  }),
]);

/** Only on the machine itself may credentials go over a wire that is not encrypted. */
const PLAIN = /^http:/;
const LOOPBACK = /^http:\/\/(127\.0\.0\.1|localhost|\[::1\])(:\d+)?\/?$/;

export const snowflake = z
  .strictObject({
    kind: z.literal('snowflake').describe('An account of Snowflake.'),
    account: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]*$/, 'must be an identifier such as acme-eu1')
      .describe('The account identifier, ORGANIZATION-ACCOUNT.'),
    database: identifier.describe('Where the schema is.'),
    schema: identifier.describe('Where the tables are.'),
    compute: identifier.describe('What Snowflake calls a warehouse.'),
    role: identifier.describe('What the loader may do.'),
    stage: identifier.describe(
      'The external stage over the store’s bucket; or "internal": load sends the files to Snowflake itself.',
    ),
    endpoint: z
      .url({
        protocol: /^https?$/,
        error: 'must be a URL such as https://acme.privatelink.snowflakecomputing.com',
      })
      .regex(/^[a-z]+:\/\/[^/?#@]+\/?$/, 'must be a URL of a host alone, without a path, a query or a name')
      .optional()
      .describe(
        'Instead of https://ACCOUNT.snowflakecomputing.com: a private link; http, on this machine, an emulator.',
      ),
    auth: snowflakeAuth
      .optional()
      .describe('How to sign in. Only an emulator, whose endpoint is http, needs none.'),
  })
  .refine(({ auth, endpoint }) => auth !== undefined || PLAIN.test(endpoint ?? ''), {
    message: 'needs auth: how to sign in to Snowflake',
  })
  .refine(({ endpoint }) => !PLAIN.test(endpoint ?? '') || LOOPBACK.test(endpoint ?? ''), {
    message:
      'must be https: only an emulator on this machine, such as http://127.0.0.1:8080, may be asked without encryption',
    path: ['endpoint'],
  });

export type Snowflake = z.output<typeof snowflake>;
export type SnowflakeAuth = z.output<typeof snowflakeAuth>;

/** The secrets that signing in needs, by the field of `auth` that names each. */
export function authSecrets(
  auth: SnowflakeAuth | undefined,
): { field: 'secret' | 'passphrase'; name: string }[] {
  if (auth === undefined) return [];
  const named: readonly (readonly ['secret' | 'passphrase', string | undefined])[] =
    auth.kind === 'key_pair'
      ? [
          ['secret', auth.secret],
          ['passphrase', auth.passphrase],
        ]
      : auth.kind === 'oauth'
        ? [['secret', auth.secret]]
        : [];
  return named.flatMap(([field, name]) => (name === undefined ? [] : [{ field, name }]));
}

/** The same with other names: those of the spec become those of environment variables. */
export function withAuthSecrets(auth: SnowflakeAuth, rename: (name: string) => string): SnowflakeAuth {
  const renamed = authSecrets(auth).map(({ field, name }) => [field, rename(name)]);
  return { ...auth, ...Object.fromEntries(renamed) };
}

/** The file that signing in reads; relative to the project. */
export function authFile(auth: SnowflakeAuth | undefined): string | undefined {
  if (auth?.kind === 'key_pair') return auth.file;
  return auth?.kind === 'oauth' || auth?.kind === 'workload_identity' ? auth.token_file : undefined;
}
