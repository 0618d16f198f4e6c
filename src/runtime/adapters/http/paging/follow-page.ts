import { hash } from 'node:crypto';
import type { Paginate } from '../../../../spec/paginate.ts';
import type { Advance, Position } from '../../../ports/source.ts';
import type { Content } from '../formats/read-content.ts';
import { Loop, NotAPage } from '../unusable.ts';
import { readCount, readMore, readTotal, textOfNext } from './fields.ts';
import { nextLink } from './next-link.ts';

/** Where a page came from, for what stands beside its body. */
export interface Origin {
  /** The request's, without credentials; relative links start here. */
  url: URL;
  /** Of the answer, by name in lower case; of a page that was kept, the note that was kept with it. */
  beside: { headers: Readonly<Record<string, string>> } | { note: string | null };
  /** Takes secrets out of what the API says is next. */
  redact(text: string): string;
}

/**
 * Where the reading stands after a page. By offset it advances by the records *received*: an API that caps its pages
 * below what was asked for loses nothing that way; a page's number counts pages of the API's own size. The end is the
 * total, the number of pages, has_more, or no next cursor or link; where the API names none of them, only a page
 * without records, since a short page may as well be a cap.
 *
 * @throws NotAPage where what the spec names is not in the answer, Loop where the reading came back
 */
export function followPage(
  from: Readonly<Position>,
  content: Content,
  paginate: Paginate,
  origin: Origin,
): Advance {
  const { records, fingerprint } = content;
  refuseSameAgain(from, content, paginate);
  const total = readTotal(content, paginate);
  const offset = from.offset + records;
  const last = total ?? from.total;
  const { next, note } = readNext(content, paginate, origin);
  const more = readMore(content, paginate);
  if (more === true && next === null && (paginate.kind === 'cursor' || paginate.kind === 'link')) {
    throw new NotAPage(`answered that there is more and did not say where`);
  }
  const ended =
    more === false ||
    (last !== null && offset >= last) ||
    isLast(
      from,
      content,
      paginate,
      paginate.kind === 'cursor' || paginate.kind === 'link' ? next : undefined,
    );
  if (!ended) markVisited(from, next, paginate, origin);
  return {
    records,
    total,
    note,
    next: {
      page: from.page + 1,
      offset,
      total: last,
      fingerprint,
      before: ended ? null : content.body,
      next,
      ended,
      visited: from.visited,
    },
  };
}

/** @param next undefined where paging does not go by it */
function isLast(
  from: Readonly<Position>,
  content: Content,
  paginate: Paginate,
  next: string | null | undefined,
): boolean {
  if (paginate.kind === 'none') return true;
  // Behind a filter a page may be empty and not the last; only one that leads back to itself surely is.
  if (next !== undefined) return next === null || (content.records === 0 && next === from.next);
  if (content.records === 0) return true;
  if (paginate.kind !== 'page' || paginate.total_pages === undefined) return false;
  return from.page >= (readCount(content, paginate.total_pages, 'pages') ?? 0);
}

const SAME_AGAIN: Record<Paginate['kind'], string> = {
  offset: 'It seems to ignore where a page begins: check paginate.offset_param',
  page: 'It seems to ignore the number of the page, or to repeat the last one: check paginate.page_param, or name total, total_pages or has_more',
  cursor: 'It seems to ignore the cursor: check paginate.send and paginate.in',
  link: 'Its next link leads to the same records: check paginate.next',
  none: '',
};

function refuseSameAgain(from: Readonly<Position>, content: Content, { kind }: Paginate): void {
  if (content.records === 0 || content.fingerprint !== from.fingerprint) return;
  if (from.before !== null && !content.sameAs(from.before)) return;
  throw new Loop('answered with the same records as on the page before', SAME_AGAIN[kind]);
}

function markVisited(
  from: Readonly<Position>,
  next: string | null,
  { kind }: Paginate,
  origin: Origin,
): void {
  if (next === null) return;
  const { visited } = from;
  if (kind === 'link' && from.next === null) visited.set(digest(origin.redact(origin.url.href)), 0);
  const seen = visited.get(digest(next));
  // A page that is looked at again is not yet a page that is asked for again.
  if (seen !== undefined && seen < from.page) {
    throw new Loop(
      `answered with a next ${kind} that leads back to page ${seen + 1}`,
      `Following it would never end: check paginate.next, or name total or has_more`,
    );
  }
  visited.set(digest(next), from.page);
}

/** Shorter than most cursors, of which there are as many as pages. */
function digest(text: string): string {
  return hash('sha1', text, 'base64').slice(0, 16);
}

function readNext(
  content: Content,
  paginate: Paginate,
  { url, beside, redact }: Origin,
): { next: string | null; note: string | null } {
  if (paginate.kind !== 'cursor' && paginate.kind !== 'link') return { next: null, note: null };
  if (paginate.next !== undefined) {
    const said = textOfNext(content, paginate.next);
    return { next: said && redact(paginate.kind === 'link' ? absolute(said, url) : said), note: null };
  }
  if ('note' in beside) return { next: beside.note, note: beside.note };
  const said =
    paginate.kind === 'link'
      ? nextLink(beside.headers.link)
      : beside.headers[(paginate.next_header ?? '').toLowerCase()]?.trim() || null;
  const next = said && redact(paginate.kind === 'link' ? absolute(said, url) : said);
  return { next, note: next };
}

function absolute(link: string, base: URL): string {
  if (URL.canParse(link, base.href)) return new URL(link, base).href;
  throw new NotAPage('answered with a next link that is no address');
}
