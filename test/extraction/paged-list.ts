import type { WrittenJob } from '../../src/spec/job.ts';
import type { Asked } from '../runtime/http/api.ts';
import { KEY } from './rig.ts';

export type WrittenPaginate = NonNullable<NonNullable<WrittenJob['extract']>['paginate']>;

export const PAGES = 3;
const SIZE = 2;
export const ALL_IDS = Array.from({ length: PAGES * SIZE }, (_, index) => index);

/** Every way to page, by the name that docs/extraction.md has for it. */
export const PAGINATIONS: Readonly<Record<string, WrittenPaginate>> = {
  offset: { kind: 'offset', page_size: SIZE, offset_param: 'skip', total: 'total' },
  page: { kind: 'page', page_param: 'at', total: 'total' },
  'cursor in the body': { kind: 'cursor', send: 'at', next: 'next', total: 'total' },
  'cursor in a header': { kind: 'cursor', send: 'at', next_header: 'X-Next', total: 'total' },
  'link in the body': { kind: 'link', next: 'link', total: 'total' },
  'Link header': { kind: 'link', total: 'total' },
};

export interface GoodPage {
  body: Record<string, unknown>;
  headers: Record<string, string>;
}

/** Number of the page that is asked for. */
export function pageOf({ url }: Pick<Asked, 'url'>): number {
  const skip = url.searchParams.get('skip');
  return skip === null ? Number(url.searchParams.get('at') ?? 1) : Number(skip) / SIZE + 1;
}

/** A list of three pages; each says in every way where the next one is, with the key, as some APIs do. */
export function goodPage(asked: Pick<Asked, 'url'>): GoodPage {
  const number = pageOf(asked);
  const next = number < PAGES ? number + 1 : null;
  const link = next && `${asked.url.pathname}?at=${next}&access_key=${encodeURIComponent(KEY)}`;
  const data = ALL_IDS.slice((number - 1) * SIZE, number * SIZE).map((id) => ({ id }));
  return {
    body: { data, total: ALL_IDS.length, next, link },
    headers: next === null ? {} : { link: `<${link}>; rel="next"`, 'x-next': String(next) },
  };
}

/** The whole list in one answer, for `none`. */
export function wholeList(): GoodPage {
  return { body: { data: ALL_IDS.map((id) => ({ id })), total: ALL_IDS.length }, headers: {} };
}
