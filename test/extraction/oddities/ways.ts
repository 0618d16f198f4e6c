import { expect } from 'vitest';
import { json, startApi } from '../../runtime/http/api.ts';
import { idsIn, jobOf, KEY } from '../rig.ts';
import { type Oddity, type Play, play } from './oddity.ts';

const TEN_HOURS = 36_000;
const BY_LINK = { kind: 'link', next: 'next' } as const;

/** Case whose list goes on at another host, by a next link or a redirect. */
function elsewhere(by: 'link' | 'redirect', allowed: boolean): Oddity {
  return async (api) => {
    const other = await startApi((_, response) => json(response, { data: [{ id: 2 }] }));
    const there = `${other.url}/more?access_key=${encodeURIComponent(KEY)}`;
    const { host } = new URL(other.url);
    const played = play({
      answer: (_, response) => {
        if (by === 'link') json(response, { data: [{ id: 1 }], next: there });
        else response.writeHead(302, { location: there }).end();
      },
      job: (url) =>
        jobOf(url, {
          ...(by === 'link' ? { paginate: BY_LINK } : {}),
          source: { headers: { 'X-Tenant': 'acme' }, ...(allowed ? { allow_hosts: [host] } : {}) },
        }),
      async look({ rig, messages }) {
        expect(other.requests).toHaveLength(allowed ? 1 : 0);
        if (!allowed) return expect(messages.extract).toContain('allow_hosts');
        const [asked] = other.requests;
        expect([asked?.url.search, asked?.headers['x-tenant'], asked?.headers.authorization]).toEqual([
          '',
          undefined,
          undefined,
        ]);
        expect(idsIn(await rig.pages())).toEqual(by === 'link' ? [1, 2] : [2]);
      },
    });
    return played(api);
  };
}

/** Asked to come back in ten hours: nobody waits for it. */
function retryAfter(value: (now: number) => string): Oddity {
  const NOW = Date.UTC(2026, 0, 31, 6);
  const one: Play = {
    answer: (_, response) => json(response, {}, 429, { 'retry-after': value(NOW) }),
    job: (url) => jobOf(url),
    async look({ rig, messages }) {
      expect(rig.clock.slept).toEqual([]);
      expect(messages.extract).toContain(`asks to wait ${TEN_HOURS} s`);
    },
  };
  return play(one);
}

/** An address that is never asked, whatever leads there. */
function linkLocal(job: Play['job'], message: string): Oddity {
  return play({
    answer: (_, response) =>
      void response.writeHead(302, { location: 'http://169.254.169.254/latest/meta-data/' }).end(),
    job,
    look: async ({ messages }) => expect(messages.extract).toContain(message),
  });
}

export const WAYS: Readonly<Record<string, Oddity>> = {
  'a next link to another host': elsewhere('link', false),
  'the same, named in allow_hosts': elsewhere('link', true),
  'a redirect to another host': elsewhere('redirect', false),
  'the same redirect, named in allow_hosts': elsewhere('redirect', true),
  'Retry-After of 10 hours, in seconds': retryAfter(() => String(TEN_HOURS)),
  'Retry-After of 10 hours, as a date': retryAfter((now) => new Date(now + TEN_HOURS * 1000).toUTCString()),
  'a link-local base_url': linkLocal(
    () => jobOf('http://169.254.169.254/latest'),
    'link-local or metadata address',
  ),
  'a redirect to a link-local address': linkLocal((url) => jobOf(url), 'which is not where base_url is'),
  'the same, named in allow_hosts too': linkLocal(
    (url) => jobOf(url, { source: { allow_hosts: ['169.254.169.254'] } }),
    'link-local or metadata address',
  ),
};
