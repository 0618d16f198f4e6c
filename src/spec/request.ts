import { z } from 'zod';
import { text } from './names.ts';

/** What a request is made of; each part may hold placeholders. */
export const request = {
  path: text.regex(/^\//, 'must start with /'),
  method: z.enum(['GET', 'POST']).default('GET').describe('POST only where it reads, as in a search.'),
  query: z.record(z.string(), text).default({}).describe('Query parameters.'),
  headers: z
    .record(
      z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, 'is no name of a header'),
      z.string().regex(/^[\x20-\x7e]*$/, 'must hold only plain ASCII characters, no line breaks'),
    )
    .default({})
    .describe('Sent beside those of the source; never a secret.'),
  body: z
    .record(z.string(), z.unknown())
    .optional()
    .describe('Of a POST, sent as JSON; its texts may hold placeholders.'),
};

/** A text of a request and the path to it. */
export interface RequestText {
  readonly path: readonly (string | number)[];
  readonly text: string;
}

interface Request {
  readonly path?: string | undefined;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** Every text of a request that may hold placeholders. */
export function textsOfRequest({ path, query, headers, body }: Request): RequestText[] {
  return [
    ...(path === undefined ? [] : [{ path: ['path'], text: path }]),
    ...textsUnder(['query'], query),
    ...textsUnder(['headers'], headers),
    ...textsUnder(['body'], body),
  ];
}

function textsUnder(path: readonly (string | number)[], value: unknown): RequestText[] {
  if (typeof value === 'string') return [{ path, text: value }];
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, one]) =>
    textsUnder([...path, Array.isArray(value) ? Number(key) : key], one),
  );
}
