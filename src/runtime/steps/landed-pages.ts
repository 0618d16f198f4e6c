import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { badData } from '../errors.ts';
import { parseExact, textAt, valueAt } from '../json-path.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import type { ChildPage, ExtractDetails, LandedPage, LandedSlice } from '../receipt.ts';

/** A page whose records become rows, with what stands beside them. */
export interface PageOfRows extends LandedPage {
  /** Value of its slice; null without slices. */
  slice: string | null;
  /**
   * Of its `for_each` parent, by expression as it stands between the braces: `{ 'order.id': '17' }` for
   * `${order.id}`. Null where the parent has null or nothing; a list or an object is its JSON.
   */
  parent: Readonly<Record<string, string | null>>;
}

/** How the parents of a `for_each` are found in their pages. */
export interface ParentForm {
  /** The name they go by, `order` in `${order.id}`. */
  as: string;
  /** Dotted path to their list. */
  records: string;
}

const decompress = promisify(gunzip);

/**
 * Every page that an extract landed for a partition and that holds rows, in the order of its slices, parents and
 * pages. Of the parents only what `expressions` name is kept in memory. Bad data where a list of pages or a parent's
 * page is not what the receipt says.
 */
export async function landedPages(
  store: ObjectStore,
  landed: ExtractDetails,
  form: ParentForm | undefined,
  expressions: readonly string[],
): Promise<PageOfRows[]> {
  const pages: PageOfRows[] = [];
  for (const slice of landed.slices) {
    for (const page of slice.pages) pages.push({ ...page, slice: slice.value, parent: {} });
    if (slice.for_each === undefined || form === undefined) continue;
    for (const page of await childPages(store, slice, slice.for_each, form, expressions)) pages.push(page);
  }
  return pages;
}

/** Values of one parent's record by expression; `order.id` is the path `id` in it. */
function valuesOf(
  record: unknown,
  as: string,
  expressions: readonly string[],
): Record<string, string | null> {
  return Object.fromEntries(
    expressions.map((expression) => {
      const path = expression.slice(as.length + 1);
      const value = valueAt(record, path);
      const text = textAt(record, path);
      return [expression, text ?? (value === undefined || value === null ? null : JSON.stringify(value))];
    }),
  );
}

async function childPages(
  store: ObjectStore,
  slice: LandedSlice,
  { parents, children }: NonNullable<LandedSlice['for_each']>,
  form: ParentForm,
  expressions: readonly string[],
): Promise<PageOfRows[]> {
  const values: Record<string, string | null>[][] = [];
  for (const page of expressions.length === 0 ? [] : parents) {
    const records = valueAt(parseExact(await readChecked(store, page)), form.records);
    values.push((records as unknown[]).map((record) => valuesOf(record, form.as, expressions)));
  }
  const lines = (await readChecked(store, children)).toString('utf8').split('\n');
  return lines
    .filter((line) => line !== '')
    .map((line) => {
      const { parent, ...page } = JSON.parse(line) as ChildPage;
      return { ...page, slice: slice.value, parent: values[parent[0] - 1]?.[parent[1] - 1] ?? {} };
    });
}

async function readChecked(
  store: ObjectStore,
  object: { name: string; size: number; sha256: string },
): Promise<Buffer> {
  const bytes = await store.read(object.name);
  if (bytes === undefined || createHash('sha256').update(bytes).digest('hex') !== object.sha256) {
    throw badData(
      `${store.location}/${object.name} is ${bytes === undefined ? 'gone' : 'not what extract landed'}: run extract again`,
    );
  }
  return decompress(bytes);
}
