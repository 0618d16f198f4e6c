import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inParallel } from '../../../src/runtime/steps/extract/in-parallel.ts';
import { EXIT } from '../../../src/spec/exit-codes.ts';
import { type Asked, json } from '../../runtime/http/api.ts';
import { type Mounted, type Served, serve } from '../api-server.ts';
import { jobOf } from '../rig.ts';
import { asPassword, formsOf, tracesOf } from './forms.ts';
import { openLeakproof } from './step-that-leaks-nothing.ts';

const SHORT = 'k/+=%é"';
const LONG = 'k/+=%é"-0123456789abcdef';
/** Headers carry nothing beyond ASCII. */
const PLAIN = 'k/+=%"-0123456789abcdef';
const TOKEN = 'tok/+=%-abcdef0123456789';

interface Who {
  name: string;
  auth: Record<string, unknown>;
  secret: string;
}

const OAUTH2 = { kind: 'oauth2', client_id: 'CLIENT', client_secret: 'SECRET' };
const WHO: Who[] = [
  { name: 'a key in the query', auth: key('query'), secret: LONG },
  { name: 'a short key in the query', auth: key('query'), secret: SHORT },
  { name: 'a key in a header', auth: key('header'), secret: PLAIN },
  { name: 'a bearer token', auth: { kind: 'bearer', secret: 'SECRET' }, secret: PLAIN },
  { name: 'a password', auth: { kind: 'basic', user: 'zoë', secret: 'SECRET' }, secret: LONG },
  { name: 'a client in the header', auth: { ...OAUTH2, send: 'basic' }, secret: LONG },
  { name: 'a client in the body', auth: { ...OAUTH2, send: 'body' }, secret: LONG },
];

function key(place: string): Record<string, unknown> {
  return { kind: 'api_key', in: place, name: 'X-Key', secret: 'SECRET' };
}

/** What a careless server says: the request as it came, and the secrets that it knows in every form. */
function echo({ url, headers, text }: Asked, secrets: readonly string[]): object {
  const said = secrets.flatMap((secret) => [...formsOf(secret), asPassword(secret)]);
  // First, so that it is in what a message quotes.
  return { said, url: url.href, search: url.search, headers, text };
}

/** Of the secrets the first is the spec's; a token may follow. */
type Answer = (asked: Asked, response: ServerResponse, secrets: readonly string[]) => void;

const ANSWERS: Record<string, { answer: Answer; exit: number; short?: number; repeats?: true }> = {
  'a success': { answer: (_, response) => json(response, { data: [{ id: 1 }] }), exit: EXIT.done },
  'a success that repeats the request': {
    repeats: true,
    answer: (asked, response, secrets) => json(response, { data: [{ id: 1, you: echo(asked, secrets) }] }),
    exit: EXIT.done,
    // Too short to be told apart from data.
    short: EXIT.configuration,
  },
  'a final error that repeats it': {
    repeats: true,
    answer: (asked, response, secrets) =>
      json(response, { error: { code: 'invalid_access_key', message: echo(asked, secrets) } }, 403),
    exit: EXIT.configuration,
  },
  'a code that is the secret': {
    repeats: true,
    answer: (_, response, [secret = '']) => json(response, { error: { code: secret } }, 400),
    exit: EXIT.configuration,
  },
  'a temporary error that repeats it': {
    repeats: true,
    answer: (asked, response, secrets) => json(response, echo(asked, secrets), 503),
    exit: EXIT.temporary,
  },
  'no page, with the request in it': {
    repeats: true,
    answer: (asked, response, secrets) => json(response, echo(asked, secrets)),
    exit: EXIT.badData,
  },
  'no JSON, with the request in it': {
    repeats: true,
    answer: (asked, response, secrets) =>
      void response.end(`<h1>${JSON.stringify(echo(asked, secrets))}</h1>`),
    exit: EXIT.temporary,
  },
  'a redirect to another host with it': {
    answer: (_, response, [secret = '']) => {
      const location = `http://other.test:1/${encodeURIComponent(secret)}?k=${encodeURIComponent(secret)}`;
      response.writeHead(302, { location }).end();
    },
    exit: EXIT.configuration,
  },
  'a redirect in circles with it': {
    answer: ({ url, number }, response, [secret = '']) => {
      const said = new URLSearchParams({ said: secret, number: String(number) });
      response.writeHead(302, { location: `${url.pathname}?${said}` }).end();
    },
    exit: EXIT.configuration,
  },
  'a reset': { answer: (_, response) => void response.socket?.resetAndDestroy(), exit: EXIT.temporary },
};

let api: Served;
beforeAll(async () => {
  api = await serve();
});
afterAll(() => api.close());

function tokens(secret: string): Mounted {
  return api.mount((asked, response) => {
    // Its errors repeat the request too; the token that it will give is nobody's yet.
    if (asked.number === 1) json(response, echo(asked, [secret]), 503);
    else json(response, { access_token: TOKEN, token_type: 'bearer' });
  });
}

async function expectNoLeak(name: string, { auth, secret }: Who): Promise<void> {
  const { answer, exit, short, repeats } = ANSWERS[name] ?? { answer: () => undefined, exit: -1 };
  const known = auth.kind === 'oauth2' ? [secret, TOKEN] : [secret];
  const list = api.mount((asked, response) => answer(asked, response, known));
  const job = jobOf(list.url, {
    source: {
      auth: auth.kind === 'oauth2' ? { ...auth, token_url: tokens(secret).url } : auth,
      retry: { attempts: 2, backoff: { initial: '1ms', max: '1ms' } },
    },
  });
  using leakproof = openLeakproof(known.flatMap(tracesOf));
  const { exit: code, stdout } = await leakproof.run('extract', job, {
    SECRET: secret,
    CLIENT: 'client-0123456789',
  });
  const expected = secret === SHORT ? (short ?? exit) : exit;
  expect({ name, exit: code }, stdout).toEqual({ name, exit: expected });
  // What the server said was there, and was taken out.
  if (repeats && secret !== SHORT) expect(stdout + leakproof.pages()).toContain('***');
  expect(list.requests).toBeGreaterThan(0);
}

describe('extract leaves its secret nowhere', () => {
  test.each(WHO)('$name', async (who) => {
    const { signal } = new AbortController();
    await inParallel(Object.keys(ANSWERS), 3, signal, (name) => expectNoLeak(name, who));
  });

  test.each([
    ['a header', key('header')],
    ['a bearer token', { kind: 'bearer', secret: 'SECRET' }],
  ])('a key that %s can’t carry is refused, unsaid', async (_, auth) => {
    using leakproof = openLeakproof(tracesOf(SHORT));
    const job = jobOf('http://127.0.0.1:1', { source: { auth } });
    expect((await leakproof.run('extract', job, { SECRET: SHORT })).exit).toBe(EXIT.configuration);
  });
});
