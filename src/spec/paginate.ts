import { z } from 'zod';

const path = z.string().min(1);
const parameter = z.string().min(1);

const maxPages = {
  max_pages: z.int().min(1).default(10_000).describe('Of one list; more is taken for a loop.'),
};

const count = {
  total: path.optional().describe('Dotted path to the number of records in all; reading stops there.'),
  has_more: path.optional().describe('Dotted path to true or false; reading stops at false.'),
  ...maxPages,
  tolerance: z.int().min(0).default(0).describe('Records by which the count may miss the total.'),
};

const place = {
  in: z
    .enum(['query', 'body'])
    .default('query')
    .describe('Where the parameters go; in a body their names are dotted paths.'),
};

const size = z.int().min(1).max(100_000);

const offset = z.strictObject({
  kind: z.literal('offset').describe('By the number of the first record.'),
  page_size: size.describe('Records asked for; the answer may hold fewer and is followed.'),
  ...count,
  ...place,
  size_param: parameter.default('limit').describe('Parameter of the page size.'),
  offset_param: parameter.default('offset').describe('Parameter of the first record.'),
});

const page = z.strictObject({
  kind: z.literal('page').describe('By the number of the page.'),
  page_size: size.optional().describe('Records asked for, in the parameter that size_param names.'),
  ...count,
  total_pages: path.optional().describe('Dotted path to the number of pages; reading stops there.'),
  ...place,
  size_param: parameter.optional().describe('Parameter of the page size.'),
  page_param: parameter.default('page').describe('Parameter of the page’s number.'),
  first: z.int().min(0).default(1).describe('Number of the first page.'),
});

const cursor = z.strictObject({
  kind: z.literal('cursor').describe('By a word that the answer holds for the next request.'),
  send: parameter.describe('Name that the cursor is sent under; in a body a dotted path.'),
  in: z.enum(['query', 'body', 'header']).default('query').describe('Where the cursor is sent.'),
  next: path.optional().describe('Dotted path to the next cursor; none or an empty one is the end.'),
  next_header: z.string().min(1).optional().describe('Header of the answer with the next cursor.'),
  page_size: size.optional().describe('Records asked for, in the parameter that size_param names.'),
  size_param: parameter.optional().describe('Parameter of the page size, in the body where the cursor is.'),
  ...count,
});

const link = z.strictObject({
  kind: z.literal('link').describe('By an address that the answer holds.'),
  next: path
    .optional()
    .describe('Dotted path to the next address; without it the Link header’s rel="next" (RFC 8288).'),
  ...count,
});

const none = z.strictObject({ kind: z.literal('none').describe('One answer holds all.') });

interface Sized {
  page_size?: number | undefined;
  size_param?: string | undefined;
}

function isSized(value: Sized): boolean {
  return (value.page_size === undefined) === (value.size_param === undefined);
}

const SIZED = { message: 'page_size and size_param are given together or not at all', path: ['page_size'] };

function isTolerated(value: { tolerance: number; total?: string | undefined }): boolean {
  return value.tolerance === 0 || value.total !== undefined;
}

const TOLERATED = { message: 'needs total: without it there is nothing to miss', path: ['tolerance'] };

export const paginate = z.discriminatedUnion('kind', [
  offset.refine(isTolerated, TOLERATED),
  page.refine(isTolerated, TOLERATED).refine(isSized, SIZED),
  cursor
    .refine(isTolerated, TOLERATED)
    .refine(isSized, SIZED)
    .refine(({ next, next_header }) => (next === undefined) !== (next_header === undefined), {
      message: 'needs either next or next_header, where the next cursor stands',
      path: ['next'],
    }),
  link.refine(isTolerated, TOLERATED),
  none,
]);

export type Paginate = z.output<typeof paginate>;
