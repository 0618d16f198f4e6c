import type { Paginate } from '../../../../spec/paginate.ts';
import { parseExact, textAt, valueAt } from '../../../json-path.ts';
import { type Content, placeOf } from '../formats/read-content.ts';
import { NotAPage } from '../unusable.ts';

// What paging reads out of a page; each throws NotAPage where the page has something else at that place.

/** The next cursor or link in the body; null where there is none. */
export function textOfNext({ document, body }: Content, path: string): string | null {
  const value = valueAt(document, path);
  if (value === undefined || value === null || value === '' || value === false) return null;
  if (typeof value === 'string') return value;
  if (typeof value !== 'number') {
    throw new NotAPage(`answered with something at ${placeOf(path)} that is neither text nor number`);
  }
  // Rounded by JavaScript, a number of 19 digits would lead elsewhere.
  return Number.isSafeInteger(value) ? String(value) : (textAt(parseExact(body), path) ?? null);
}

/** Records in all; null where neither spec nor page says. */
export function readTotal(content: Content, paginate: Paginate): number | null {
  const path = paginate.kind === 'none' ? undefined : paginate.total;
  return path === undefined ? null : readCount(content, path, 'records in all');
}

/** @param what the number is of, for the message */
export function readCount({ document, records }: Content, path: string, what: string): number | null {
  const value = valueAt(document, path);
  const count = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
  if (typeof count === 'number' && Number.isSafeInteger(count) && count >= 0) return count;
  // Some APIs leave it out where nothing was found; the empty page itself is the end then.
  if (records === 0 && (value === undefined || value === null)) return null;
  throw new NotAPage(`answered without a number of ${what} at ${placeOf(path)}`);
}

/** Undefined where the spec names no place for it, or an empty page leaves it out. */
export function readMore({ document, records }: Content, paginate: Paginate): boolean | undefined {
  const path = paginate.kind === 'none' ? undefined : paginate.has_more;
  if (path === undefined) return undefined;
  const value = valueAt(document, path);
  if (typeof value === 'boolean') return value;
  if (value === 'true' || value === 'false') return value === 'true';
  if (records === 0 && (value === undefined || value === null)) return false;
  throw new NotAPage(`answered without true or false at ${placeOf(path)}`);
}
