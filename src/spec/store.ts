import { z } from 'zod';

/** Where files lie between the steps. */
export const store = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('files').describe('Files of this machine.'),
    root: z.string().min(1).describe('A folder; relative to the project.'),
  }),
  z.strictObject({
    kind: z.literal('gcs').describe('A bucket of Google Cloud Storage.'),
    bucket: z.string().min(3).describe('Its name.'),
    prefix: z.string().default('').describe('Everything is written below it.'),
    endpoint: z
      .url({ protocol: /^https?$/, error: 'must be a URL such as http://127.0.0.1:4443' })
      .regex(/^[^?#]*$/, 'must be a URL without a query')
      .optional()
      .describe(
        'Instead of https://storage.googleapis.com: a private endpoint; http, without credentials, an emulator.',
      ),
  }),
]);

export type Store = z.output<typeof store>;
