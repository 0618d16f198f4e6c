import { z } from 'zod';
import { auth } from './auth.ts';
import { HEADER, text } from './names.ts';
import { bytes, duration, size } from './quantities.ts';

const HOST = /^(\[[0-9a-f:.]+\]|[a-z0-9]([a-z0-9._-]*[a-z0-9])?)(:[0-9]{1,5})?$/;

/** Near the longest text that Node holds, as which a page is parsed. */
const LARGEST_RESPONSE = 512 * 1024 ** 2;

const retry = z.strictObject({
  attempts: z.int().min(1).max(20).default(5).describe('Requests for one page, the first included.'),
  backoff: z
    .strictObject({
      initial: duration
        .default('1s')
        .describe('The first wait at most; waits are drawn below it (full jitter).'),
      max: duration.default('60s').describe('No wait of our own is longer; Retry-After may ask for more.'),
    })
    .prefault({})
    .describe('Between two tries.'),
  deadline: duration
    .default('10m')
    .describe('No retry begins later than this after the first request of a page.'),
});

const errorRule = z
  .strictObject({
    status: z.array(z.int().min(100).max(599)).min(1).optional().describe('The answer has one of these.'),
    header: z.string().min(1).optional().describe('Name of a header of the answer, such as X-Error.'),
    body: z.string().min(1).optional().describe('Dotted path into the answer, such as error.code.'),
    in: z.array(z.string()).min(1).optional().describe('Values of the header or path that match.'),
    // biome-ignore lint/suspicious/noThenProperty: the language's word for what a rule does
    then: z.enum(['retry', 'fail']).describe('Whether a retry can mend it.'),
  })
  .refine((rule) => [rule.status, rule.header, rule.body, rule.in].some((one) => one !== undefined), {
    message: 'needs status, or header or body with in',
  })
  .refine((rule) => rule.header === undefined || rule.body === undefined, {
    message: 'is of the header or of the body: make two rules of it',
    path: ['header'],
  })
  .refine((rule) => (rule.in === undefined) === (rule.header === undefined && rule.body === undefined), {
    message: 'needs header or body, and in with its values, together',
  });

/** Values that every server takes. */
export const headers = z.record(
  z.string().regex(HEADER, 'is no name of a header'),
  z.string().regex(/^[\x20-\x7e]*$/, 'must hold only plain ASCII characters, no line breaks'),
);

export const httpSource = z.strictObject({
  kind: z.literal('http').describe('An API or files behind HTTP.'),
  base_url: text.min(1).describe('Everything before the path of a pipeline; may hold ${variables.NAME}.'),
  headers: headers
    .default({})
    .describe('Sent with every request; may hold ${variables.NAME}, never a secret.'),
  auth: auth.optional().describe('How requests prove who asks; without it they do not.'),
  timeout: duration.default('30s').describe('For one request: connection, answer and body.'),
  connect_timeout: duration
    .default('10s')
    .describe('Until the connection stands: name, proxy and TLS included.'),
  idle_timeout: duration.default('30s').describe('No longer without a byte in either direction.'),
  max_response: size
    .refine((value) => !(bytes(value) > LARGEST_RESPONSE), 'must be 512MiB or less: a page is held in memory')
    .default('64MiB')
    .describe('Of the body of one answer after its compression is undone.'),
  rate_limit: z
    .strictObject({
      requests: z.int().min(1).describe('As many in that time, evenly and in bursts.'),
      per: duration.describe('The time.'),
    })
    .optional()
    .describe('A token bucket shared by all slices of a run.'),
  max_requests: z.int().min(1).default(1000).describe('Budget of one run and source, retries included.'),
  retry: retry.prefault({}).describe('What happens when a request fails that may succeed later.'),
  errors: z
    .array(errorRule)
    .default([])
    .describe('Looked at on every status, 200 included; first match wins.'),
  allow_hosts: z
    .array(z.string().regex(HOST, 'must be a host such as files.example.com, or with a port: host:8443'))
    .default([])
    .describe('Other hosts to which redirects and next links may lead; they get no credentials.'),
  allow_link_local: z
    .boolean()
    .default(false)
    .describe('Lets requests reach link-local and metadata addresses, 169.254.169.254 for instance.'),
});

export type HttpSource = z.output<typeof httpSource>;
export type ErrorRule = HttpSource['errors'][number];
