import { z } from 'zod';
import { environmentVariable, text } from './names.ts';
import { duration } from './quantities.ts';

/** The secret is named as in the spec's `secrets`; in a job it is the name of the environment variable. */
const auth = z.strictObject({
  kind: z.literal('api_key').describe('A fixed key with every request.'),
  in: z.enum(['query', 'header']).describe('Where the key travels.'),
  name: z.string().min(1).describe('Name of the query parameter or header.'),
  secret: z.string().min(1).describe('Name of the secret that holds the key.'),
});

const retry = z.strictObject({
  attempts: z.int().min(1).max(20).default(5).describe('Requests for one page, the first included.'),
  backoff: z
    .strictObject({
      initial: duration
        .default('1s')
        .describe('The first wait at most; waits are drawn below it (full jitter).'),
      max: duration.default('60s').describe('No wait is longer, whatever Retry-After asks.'),
    })
    .prefault({}),
  deadline: duration
    .default('10m')
    .describe('No retry begins later than this after the first request of a page.'),
});

const errorRule = z.strictObject({
  body: z.string().min(1).describe('Dotted path into the answer, such as error.code.'),
  in: z.array(z.string()).min(1).describe('Values that make the rule match.'),
  // biome-ignore lint/suspicious/noThenProperty: the language's word for what a rule does
  then: z.enum(['retry', 'fail']).describe('Whether a retry can mend it.'),
});

export const source = z.strictObject({
  kind: z.literal('http'),
  base_url: text.min(1).describe('Everything before the path of a pipeline; may hold ${variables.NAME}.'),
  auth: auth.optional().describe('How requests prove who asks; without it they do not.'),
  timeout: duration.default('30s').describe('For one request: connection, answer and body.'),
  rate_limit: z
    .strictObject({ requests: z.int().min(1), per: duration })
    .optional()
    .describe('A token bucket shared by all slices of a run.'),
  max_requests: z.int().min(1).default(1000).describe('Budget of one run and source, retries included.'),
  retry: retry.prefault({}),
  errors: z
    .array(errorRule)
    .default([])
    .describe('Looked at on every status, 200 included; first match wins.'),
});

export type Source = z.output<typeof source>;

export const secrets = z
  .record(z.string().regex(/^[a-z][a-z0-9_]*$/, 'must be lower case: a-z, 0-9 and _'), environmentVariable)
  .describe('Name of a secret: the environment variable that holds it.');
