import { z } from 'zod';
import { NAME, text } from './names.ts';
import { duration } from './quantities.ts';

/** `{ airline: [AA, LH], parallel: 2 }`: one key of the writer's choice beside the options. */
export const slices = z
  .object({
    parallel: z
      .int()
      .min(1)
      .max(64)
      .default(1)
      .describe('Slices read at the same time inside the container.'),
    on_empty: z.enum(['allow', 'fail']).default('allow').describe('What a slice without a record means.'),
  })
  .catchall(z.array(text.min(1)).min(1))
  .superRefine((value, context) => {
    const names = Object.keys(value).filter((key) => key !== 'parallel' && key !== 'on_empty');
    if (names.length !== 1 || !NAME.test(names[0] ?? '')) {
      context.addIssue({
        code: 'custom',
        message: 'needs exactly one list of values under a name of your choice, such as airline: [AA, LH]',
      });
    }
    for (const key of names) {
      const values = value[key] as string[];
      const again = values.findIndex((one, index) => values.indexOf(one) !== index);
      if (again >= 0) {
        context.addIssue({
          code: 'custom',
          path: [key, again],
          message: `the slice ${values[again]} is listed twice`,
        });
      }
    }
  });

const offset = z.strictObject({
  kind: z.literal('offset'),
  page_size: z
    .int()
    .min(1)
    .max(100_000)
    .describe('Records asked for; the answer may hold fewer and is followed.'),
  total: z.string().optional().describe('Dotted path to the number of records in all; reading stops there.'),
  size_param: z.string().min(1).default('limit').describe('Query parameter of the page size.'),
  offset_param: z.string().min(1).default('offset').describe('Query parameter of the first record.'),
  max_pages: z.int().min(1).default(10_000).describe('Of one slice; more is taken for a loop.'),
  tolerance: z.int().min(0).default(0).describe('Records by which the count may miss the total.'),
});

const none = z.strictObject({ kind: z.literal('none') });

export const paginate = z.discriminatedUnion('kind', [offset, none]);

export const extract = z.strictObject({
  source: z.string().describe('One of the sources.'),
  path: text.regex(/^\//, 'must start with /').describe('Appended to the base URL.'),
  query: z
    .record(z.string(), text)
    .default({})
    .describe('Query parameters; may hold ${partition} and ${slice.NAME}.'),
  slices: slices.optional().describe('Reads once for each value.'),
  paginate: paginate.prefault({ kind: 'none' }),
  records: z
    .string()
    .default('')
    .describe('Dotted path to the list of records; empty: the answer is the list.'),
  max_requests: z.int().min(1).optional().describe('A lower budget than the source has.'),
  resume_within: duration.default('1h').describe('Landed pages older than this are read again by a retry.'),
});

export type Extract = z.output<typeof extract>;
export type Paginate = z.output<typeof paginate>;
