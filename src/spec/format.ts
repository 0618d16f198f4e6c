import { z } from 'zod';
import { text } from './names.ts';

const character = z
  .string()
  .regex(/^[\t\x20-\x7e]$/, 'must be one character: plain ASCII, or a tab as "\\t"');

const csv = z.strictObject({
  kind: z.literal('csv').describe('One record a line, or more lines where a value in quotes has them.'),
  delimiter: character.default(',').describe('Between two values.'),
  quote: character
    .or(z.literal(''))
    .default('"')
    .describe('Around a value; twice inside one for itself. Empty: none.'),
  encoding: z
    .enum(['utf-8', 'latin1', 'utf-16'])
    .default('utf-8')
    .describe('Of the file; utf-16 is little-endian unless its first bytes say otherwise.'),
  header: z.boolean().default(true).describe('Whether the first line holds the names.'),
  names: z
    .array(text.min(1))
    .min(1)
    .optional()
    .describe('Names of the values in order, instead of the header’s.'),
});

/** What a page is. */
export const format = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('json').describe('One document, in which records has its place.') }),
  z.strictObject({ kind: z.literal('json_lines').describe('One document a line, each a record.') }),
  csv
    .refine(({ header, names }) => header || names !== undefined, {
      message: 'needs names where the file has no header',
      path: ['names'],
    })
    .refine(({ names = [] }) => new Set(names).size === names.length, {
      message: 'holds a name twice',
      path: ['names'],
    })
    .refine(({ delimiter, quote }) => delimiter !== quote, {
      message: 'is the quote too: one of them must be another',
      path: ['delimiter'],
    }),
]);

export type Format = z.output<typeof format>;
export type CsvFormat = Extract<Format, { kind: 'csv' }>;
