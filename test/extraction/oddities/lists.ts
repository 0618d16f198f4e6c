import { expect } from 'vitest';
import { type Asked, json } from '../../runtime/http/api.ts';
import { idsIn, jobOf, type Rig } from '../rig.ts';
import { type Oddity, play } from './oddity.ts';

const BY_OFFSET = { kind: 'offset', page_size: 2, total: 'total' } as const;
const BY_PAGE = { kind: 'page', page_size: 1000, size_param: 'limit' } as const;
const BY_CURSOR = { kind: 'cursor', send: 'after', next: 'next' } as const;

const number = ({ url }: Asked, name: string, otherwise = 0) =>
  Number(url.searchParams.get(name) ?? otherwise);
const records = (ids: readonly number[]) => ids.map((id) => ({ id }));
const upTo = (count: number, from = 0) => Array.from({ length: count }, (_, index) => from + index);

/** The same ids in the pages and in what was published. */
async function expectIds(rig: Rig, ids: readonly number[]): Promise<void> {
  expect(idsIn(await rig.pages())).toEqual(ids);
  expect(await rig.published('id')).toEqual(ids.map(String));
}

export const LISTS: Readonly<Record<string, Oddity>> = {
  'a cap below page_size, by offset': play({
    answer: (asked, response) => {
      const offset = number(asked, 'offset');
      json(response, { total: 5, data: records(upTo(5).slice(offset, offset + 2)) });
    },
    job: (url) => jobOf(url, { paginate: { ...BY_OFFSET, page_size: 1000 } }),
    look: ({ rig }) => expectIds(rig, upTo(5)),
  }),

  'a cap below page_size, by page': play({
    answer: (asked, response) => {
      const from = (number(asked, 'page') - 1) * 2;
      json(response, { data: records(upTo(5).slice(from, from + 2)) });
    },
    job: (url) => jobOf(url, { paginate: BY_PAGE }),
    look: ({ rig }) => expectIds(rig, upTo(5)),
  }),

  'an empty page in the middle, by cursor': play({
    answer: (asked, response) => {
      const after = number(asked, 'after');
      json(response, {
        data: after === 1 ? [] : records(upTo(2, after * 2)),
        next: after < 2 ? after + 1 : null,
      });
    },
    job: (url) => jobOf(url, { paginate: BY_CURSOR }),
    look: ({ rig }) => expectIds(rig, [0, 1, 4, 5]),
  }),

  'a total that grows once, with a record': play({
    answer: (asked, response) => {
      const offset = number(asked, 'offset');
      const all = upTo(asked.number === 1 ? 6 : 7);
      json(response, { total: all.length, data: records(all.slice(offset, offset + 2)) });
    },
    job: (url) => jobOf(url, { paginate: BY_OFFSET }),
    look: ({ rig }) => expectIds(rig, upTo(7)),
  }),

  'a total that grows with every answer': play({
    answer: (asked, response) => {
      const offset = number(asked, 'offset');
      json(response, { total: 6 + asked.number, data: records(upTo(6).slice(offset, offset + 2)) });
    },
    job: (url) => jobOf(url, { paginate: BY_OFFSET }),
    look: async ({ messages }) => expect(messages.extract).toContain('also when read once more'),
  }),

  'a total that shrinks, with the first record': play({
    answer: (asked, response) => {
      const offset = number(asked, 'offset');
      const all = asked.number === 1 ? upTo(6) : upTo(5, 1);
      json(response, { total: all.length, data: records(all.slice(offset, offset + 2)) });
    },
    job: (url) => jobOf(url, { paginate: BY_OFFSET }),
    // The first reading has as many records as the API counts in the end, and misses record 2.
    look: ({ rig }) => expectIds(rig, upTo(5, 1)),
  }),

  'the last page for ever': play({
    answer: (asked, response) => {
      const page = Math.min(3, number(asked, 'page'));
      json(response, { data: records(upTo(2, page * 2)) });
    },
    job: (url) => jobOf(url, { paginate: BY_PAGE }),
    look: async ({ messages }) =>
      expect(messages.extract).toContain('the same records as on the page before'),
  }),

  'a next link that loops': play({
    answer: (asked, response) => {
      const at = number(asked, 'at', 1);
      json(response, { data: records([asked.number]), next: `?at=${at === 3 ? 2 : at + 1}` });
    },
    job: (url) => jobOf(url, { paginate: { kind: 'link', next: 'next' } }),
    look: async ({ messages }) => expect(messages.extract).toContain('leads back to page 2'),
  }),

  'a cursor that loops': play({
    answer: (asked, response) => {
      json(response, { data: records([asked.number]), next: (number(asked, 'after') + 1) % 3 });
    },
    job: (url) => jobOf(url, { paginate: BY_CURSOR }),
    look: async ({ messages }) => expect(messages.extract).toContain('leads back to page'),
  }),
};
