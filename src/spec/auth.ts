import { z } from 'zod';
import { HEADER, text } from './names.ts';

/** Secrets are named as in the spec's `secrets`; in a job each is the name of the environment variable. */
const secret = z.string().min(1);

const apiKey = z
  .strictObject({
    kind: z.literal('api_key').describe('A fixed key with every request.'),
    in: z.enum(['query', 'header']).describe('Where the key travels.'),
    name: z.string().min(1).describe('Name of the query parameter or header.'),
    secret: secret.describe('Name of the secret that holds the key.'),
  })
  .refine((value) => value.in === 'query' || HEADER.test(value.name), {
    message: 'is no name of a header',
    path: ['name'],
  });

const bearer = z.strictObject({
  kind: z.literal('bearer').describe('A fixed token in the header Authorization.'),
  secret: secret.describe('Name of the secret that holds the token.'),
});

const basic = z.strictObject({
  kind: z.literal('basic').describe('User and password in the header Authorization.'),
  user: text
    .min(1)
    .refine((value) => !value.includes(':'), 'must not hold a colon: it divides user and password')
    .describe('No secret.'),
  secret: secret.describe('Name of the secret that holds the password.'),
});

const oauth2 = z.strictObject({
  kind: z.literal('oauth2').describe('Client credentials: a token is fetched and renewed (RFC 6749, 4.4).'),
  token_url: text.min(1).describe('Where the token is fetched; may hold ${variables.NAME}.'),
  client_id: secret.describe('Name of the secret that holds the id of the client.'),
  client_secret: secret.describe('Name of the secret that holds the secret of the client.'),
  scope: text.min(1).optional().describe('What the token may do, as the API names it.'),
  audience: text.min(1).optional().describe('Whom the token is for, where the API asks for it.'),
  send: z
    .enum(['basic', 'body'])
    .default('basic')
    .describe('Whether id and secret travel in the header Authorization or in the body.'),
});

/** How requests prove who asks. */
export const auth = z.discriminatedUnion('kind', [apiKey, bearer, basic, oauth2]);

export type Auth = z.output<typeof auth>;
export type OAuth2 = z.output<typeof oauth2>;

/** The keys of `auth` that name a secret. */
export function secretKeys(value: Auth): readonly string[] {
  return value.kind === 'oauth2' ? ['client_id', 'client_secret'] : ['secret'];
}
