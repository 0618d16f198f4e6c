import { z } from 'zod';
import { httpSource } from './http-source.ts';
import { text } from './names.ts';

const REFERENCE = /^(?!\/)[^#\\`\p{Cc}]+\.m?[jt]s#[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;

/** A file of the project and what it exports. */
export const handlerReference = text
  .regex(
    REFERENCE,
    'must be a file of the project and an export of it, such as handlers/flights.ts#normalise',
  )
  .refine(
    (value) => !value.slice(0, value.indexOf('#')).split('/').includes('..'),
    'must stay inside the folder of the spec',
  );

/** Files that handlers consist of, as the compiler saw them: path → 16 digits of the SHA-256 of its text. */
export const handlerFiles = z.record(z.string(), z.string());

const option: z.ZodType<Option> = z.lazy(() =>
  z.union([text, z.number(), z.boolean(), z.null(), z.array(option), z.record(z.string(), option)]),
);

/** Plain values, as JSON and YAML have them. */
export type Option =
  | string
  | number
  | boolean
  | null
  | readonly Option[]
  | { readonly [name: string]: Option };

/** Read by code of the project. The code asks for what it likes; how its requests travel is said as for http. */
export const handlerSource = z.strictObject({
  kind: z.literal('handler').describe('Code of the project.'),
  handler: handlerReference.describe(
    'An async generator in TypeScript: file#export, from the spec’s folder.',
  ),
  secrets: z
    .record(z.string().regex(/^[a-z][a-z0-9_]*$/, 'must be lower case: a-z, 0-9 and _'), z.string().min(1))
    .default({})
    .describe('What the handler asks for by `secret(NAME)`, and the secret of the spec that it gets.'),
  options: z
    .record(z.string(), option)
    .default({})
    .describe('Handed to the handler; texts may hold ${variables.NAME}.'),
  max_pages: z
    .int()
    .min(1)
    .default(10_000)
    .describe('Batches of one slice; more is taken for a handler without an end.'),
  ...httpSource.pick({
    timeout: true,
    connect_timeout: true,
    idle_timeout: true,
    max_response: true,
    rate_limit: true,
    max_requests: true,
    retry: true,
    errors: true,
    allow_hosts: true,
    allow_link_local: true,
  }).shape,
});

export type HandlerSource = z.output<typeof handlerSource>;
