import { createHash } from 'node:crypto';
import type { Paginate } from '../../../spec/extract.ts';
import { valueAt } from '../../json-path.ts';
import type { Page, Position } from '../../ports/source.ts';

export interface PageForm {
  /** Dotted path to the list of records; empty: the answer is the list. */
  records: string;
  paginate: Paginate;
}

/** An answer that is JSON and no error, and still not a page; the message continues "the API …". */
export class NotAPage extends Error {
  override readonly name = 'NotAPage';
}

/** The same records came twice in a row. */
export class Loop extends Error {
  override readonly name = 'Loop';
}

/**
 * Counts a page and says where the reading stands after it. It advances by the records *received*: an API that caps
 * its pages below what was asked for loses nothing that way. The end is the total; where the API names none, only a
 * page without records is a sure end, since a short page may as well be a cap.
 */
export function advance(
  from: Readonly<Position>,
  document: unknown,
  form: PageForm,
): Omit<Page, 'index' | 'body'> {
  const list = valueAt(document, form.records);
  if (!Array.isArray(list)) {
    throw new NotAPage(`answered without a list of records at ${place(form.records)}`);
  }
  const records = list.length;
  const total = readTotal(document, form, records);
  // Of the records, not of the bytes: an answer may hold its own time or repeat the offset it was asked for.
  const fingerprint = createHash('sha256').update(JSON.stringify(list)).digest('hex');
  if (records > 0 && fingerprint === from.fingerprint) throw new Loop();
  const offset = from.offset + records;
  const last = total ?? from.total;
  const ended = form.paginate.kind === 'none' || records === 0 || (last !== null && offset >= last);
  return { records, total, next: { page: from.page + 1, offset, total: last, fingerprint, ended } };
}

function readTotal(document: unknown, form: PageForm, records: number): number | null {
  const path = form.paginate.kind === 'offset' ? form.paginate.total : undefined;
  if (path === undefined) return null;
  const value = valueAt(document, path);
  const total = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
  if (typeof total === 'number' && Number.isSafeInteger(total) && total >= 0) return total;
  // Some APIs leave the total out where nothing was found; the empty page itself is the end then.
  if (records === 0 && (value === undefined || value === null)) return null;
  throw new NotAPage(`answered without a number of records in all at ${place(path)}`);
}

function place(path: string): string {
  return path === '' ? 'the top of its answer' : `"${path}"`;
}
